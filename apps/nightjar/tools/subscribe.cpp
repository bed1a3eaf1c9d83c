// nightjar sub
#include <fmt/format.h>

#include <nightjar/base/prng.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <cstdio>
#include <random>

#include "../subcommand.hpp"
#include "errand.hpp"
#include "printer.hpp"

namespace nightjar::app {
namespace {

class subscriber final : public errand, private io::flusher {
public:
    subscriber(const settings& how, std::unique_ptr<io::engine> on)
        : errand(tool::sub, how, std::move(on)), printer_(how), random_(std::random_device{}()) {}

private:
    client::callbacks events() override {
        client::callbacks all = errand::events();
        all.on_message = [this](const mqtt::publish& what) { on_message(what); };
        all.on_subscribed = [this](client::ticket, const mqtt::suback& answer) {
            on_subscribed(answer);
        };
        all.on_unsubscribed = [this](client::ticket, const mqtt::unsuback&) { on_unsubscribed(); };
        all.on_dropped = [this](client::ticket, error) { on_dropped(); };
        return all;
    }

    void on_signal(int) override { leave(0); }
    bool comes_back() const noexcept override { return true; }

    /// What was asked and not answered, the client asks again itself.
    void on_ready() override {
        if (unanswered_ != 0) return;
        if (!how_.topics.empty()) ask_to_subscribe();
        for (const std::string& one : how_.unsubscribed) {
            const std::string_view filter = one;
            count(client_.unsubscribe({&filter, 1},
                                      mqtt::properties{bytes_view{how_.unsubscribe_properties}}));
        }
        if (how_.shows_rate && !second_.is_armed()) second_.start(loop_, 1s);
    }

    void ask_to_subscribe() {
        std::vector<mqtt::subscription> wanted;
        for (const std::string& one : how_.topics)
            wanted.push_back({.filter = one,
                              .maximum = how_.level,
                              .no_local = false,
                              .retain_as_published = how_.retain_as_published,
                              .retained = how_.retained});
        count(client_.subscribe(wanted, mqtt::properties{bytes_view{how_.subscribe_properties}}));
    }

    void count(const result<client::ticket>& asked) {
        if (asked)
            ++unanswered_;
        else
            on_dropped();
    }

    void on_dropped() {
        complain("The broker does not take these subscriptions.");
        leave(1);
    }

    void on_subscribed(const mqtt::suback& answer) {
        --unanswered_;
        const auto is_denied = [](byte code) { return mqtt::is_failure(mqtt::reason{code}); };
        if (std::all_of(answer.codes.begin(), answer.codes.end(), is_denied)) {
            if (!how_.is_quiet) fmt::print(stderr, "All subscription requests were denied.\n");
            leave(1);
        } else if (how_.exits_when_subscribed) {
            leave(0);
        }
    }

    void on_unsubscribed() {
        --unanswered_;
        if (how_.exits_when_subscribed && how_.topics.empty() && unanswered_ == 0) leave(0);
    }

    void on_message(const mqtt::publish& what) {
        if (is_leaving()) return;
        if (how_.only_retained && !what.retain) return leave(0);
        if (is_filtered_out(what.topic)) return;
        if (how_.removes_retained && what.retain && !what.payload.empty())
            static_cast<void>(client_.publish(what.topic, "", mqtt::qos::at_least_once, true));
        if (how_.skips_retained && what.retain) return;
        if (how_.printed_percent < 100.0 && !random_.chance(how_.printed_percent / 100)) return;
        show(what);
        if (how_.count != 0 && ++shown_ == how_.count) leave(0);
    }

    bool is_filtered_out(std::string_view topic) const {
        return std::any_of(how_.filtered_out.begin(), how_.filtered_out.end(),
                           [&](const std::string& one) { return mqtt::matches(one, topic); });
    }

    void show(const mqtt::publish& what) {
        ++in_second_;
        if (how_.shows_rate) return;
        if (!printer_.print(what))
            complain(fmt::format("Message payload is not valid JSON on topic {}.", what.topic));
        loop_.mark_dirty(*this);
    }

    void on_second() noexcept {
        fmt::print("{}\n", in_second_);
        in_second_ = 0;
        loop_.mark_dirty(*this);
        second_.start(loop_, 1s);
    }

    /// Once a turn, so that a burst costs one system call and nobody waits for its last line.
    void flush() noexcept override {
        if (std::fflush(stdout) == 0 || is_leaving()) return;
        complain("The standard output takes no more.");
        leave(1);
    }

    printer printer_;
    prng random_;
    std::uint32_t unanswered_ = 0;
    std::uint32_t shown_ = 0;
    std::uint64_t in_second_ = 0;
    io::timeout<subscriber, &subscriber::on_second> second_{*this};
};

}  // namespace

int subscribe(std::span<char* const> arguments) {
    settings how;
    if (const auto code = prepare(tool::sub, arguments, how)) return *code;
    how.how.resubscribes = false;  // on_ready does
    auto engine = make_tool_engine(how);
    if (!engine) return 2;
    return subscriber(how, std::move(engine)).run();
}

}  // namespace nightjar::app
