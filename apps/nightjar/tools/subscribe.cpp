// nightjar sub
#include <fmt/format.h>

#include <nightjar/base/prng.hpp>
#include <nightjar/io/timeout.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

#include "../subcommand.hpp"
#include "errand.hpp"
#include "flags.hpp"
#include "format.hpp"

namespace nightjar::app {
namespace {

constexpr int timed_out = 27;  // mosquitto_sub's

class subscriber final : public errand, private io::flusher {
public:
    subscriber(const settings& how, std::unique_ptr<io::engine> on, output_format format)
        : errand(how, std::move(on)), format_(std::move(format)), random_(std::random_device{}()) {}

private:
    client::callbacks events() override {
        client::callbacks all = errand::events();
        all.on_message = [this](const mqtt::publish& what) { on_message(what); };
        all.on_subscribed = [this](client::ticket, const mqtt::suback& answer) {
            on_subscribed(answer);
        };
        return all;
    }

    void on_signal(int) override { leave(0); }

    void on_ready() override {
        std::vector<mqtt::subscription> wanted;
        for (const std::string& one : how_.topics)
            wanted.push_back({.filter = one,
                              .maximum = how_.level,
                              .no_local = false,
                              .retain_as_published = how_.retain_as_published,
                              .retained = {}});
        const auto asked =
            client_.subscribe(wanted, mqtt::properties{bytes_view{how_.subscribe_properties}});
        if (!asked) complain("the broker cannot take these subscriptions.");
        const std::vector<std::string_view> unwanted(how_.unsubscribed.begin(),
                                                     how_.unsubscribed.end());
        if (!unwanted.empty())
            static_cast<void>(client_.unsubscribe(
                unwanted, mqtt::properties{bytes_view{how_.unsubscribe_properties}}));
        if (how_.timeout_s != 0 && !limit_.is_armed())
            limit_.start(loop_, std::chrono::seconds(how_.timeout_s));
    }

    void on_subscribed(const mqtt::suback& answer) {
        const auto is_denied = [](byte code) { return mqtt::is_failure(mqtt::reason{code}); };
        if (std::all_of(answer.codes.begin(), answer.codes.end(), is_denied)) {
            complain("All subscription requests were denied.");
            leave(1);
        } else if (how_.exits_when_subscribed) {
            leave(0);
        }
    }

    void on_message(const mqtt::publish& what) {
        if (is_leaving()) return;
        if (how_.only_retained && !what.retain) return leave(0);
        if (is_filtered_out(what.topic)) return;
        if (how_.removes_retained && what.retain && !what.payload.empty())
            static_cast<void>(client_.publish(what.topic, "", mqtt::qos::at_least_once, true));
        if (how_.skips_retained && what.retain) return;
        if (how_.printed_percent < 100.0 && !random_.chance(how_.printed_percent / 100)) return;
        print(what);
        if (how_.count != 0 && ++printed_ == how_.count) leave(0);
    }

    bool is_filtered_out(std::string_view topic) const {
        return std::any_of(how_.filtered_out.begin(), how_.filtered_out.end(),
                           [&](const std::string& one) { return mqtt::matches(one, topic); });
    }

    void print(const mqtt::publish& what) {
        line_.clear();
        if (how_.has_format) {
            timespec now{};
            ::clock_gettime(CLOCK_REALTIME, &now);
            if (!format_.print(what, now, how_.is_pretty, line_))
                complain(fmt::format("Message payload is not valid JSON on topic {}.", what.topic));
        } else {
            if (how_.is_verbose) line_.append(what.topic).append(" ");
            line_ += what.payload.empty() && how_.is_verbose ? "(null)" : as_text(what.payload);
        }
        if (how_.ends_lines) line_ += '\n';
        std::fwrite(line_.data(), 1, line_.size(), stdout);
        loop_.mark_dirty(*this);
    }

    /// Once a turn, so that a burst costs one system call and nobody waits for its last line.
    void flush() noexcept override { std::fflush(stdout); }

    void on_limit() noexcept {
        if (!how_.is_quiet) fmt::print(stderr, "Timed out\n");
        leave(timed_out);
    }

    output_format format_;
    prng random_;
    std::string line_;
    std::uint32_t printed_ = 0;
    io::timeout<subscriber, &subscriber::on_limit> limit_{*this};
};

}  // namespace

int subscribe(std::span<char* const> arguments) {
    settings how;
    if (const auto bad = read_command_line(tool::sub, arguments, how)) {
        fmt::print(stderr, "Error: {}\n\nUse 'nightjar sub --help' to see usage.\n", bad->text);
        return bad->code;
    }
    if (how.asks_help) return print_help(tool::sub), 0;
    how.how.resubscribes = false;  // on_ready does
    auto format = output_format::compile(how.format);
    auto engine = make_tool_engine(how);
    if (!engine || !format) return 2;
    return subscriber(how, std::move(engine), std::move(*format)).run();
}

}  // namespace nightjar::app
