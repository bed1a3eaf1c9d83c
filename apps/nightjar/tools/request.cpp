// nightjar rr
#include <fmt/format.h>

#include <cstdio>

#include "../subcommand.hpp"
#include "errand.hpp"
#include "payload.hpp"
#include "printer.hpp"

namespace nightjar::app {
namespace {

/// Subscribes to the response topic, then publishes the request, then prints the first message that
/// comes. [MQTT-5 4.10]
class requester final : public errand {
public:
    requester(const settings& how, std::unique_ptr<io::engine> on, std::string payload)
        : errand(tool::rr, how, std::move(on)), printer_(how), payload_(std::move(payload)) {}

private:
    client::callbacks events() override {
        client::callbacks all = errand::events();
        all.on_subscribed = [this](client::ticket, const mqtt::suback& answer) {
            on_subscribed(answer);
        };
        all.on_message = [this](const mqtt::publish& what) { on_message(what); };
        all.on_acknowledged = [this](client::ticket, mqtt::reason code) { on_answer(code); };
        all.on_dropped = [this](client::ticket, error why) { refuse(why); };
        return all;
    }

    /// Nobody knows whether a request that was lost was served.
    bool comes_back() const noexcept override { return false; }
    void on_signal(int number) override { leave(128 + number); }

    void on_ready() override {
        const mqtt::subscription wanted{.filter = *how_.response_topic,
                                        .maximum = how_.level,
                                        .no_local = false,
                                        .retain_as_published = how_.retain_as_published,
                                        .retained = how_.retained};
        const mqtt::properties props{bytes_view{how_.subscribe_properties}};
        if (const auto asked = client_.subscribe({&wanted, 1}, props); !asked)
            refuse(asked.error());
    }

    void on_subscribed(const mqtt::suback& answer) {
        const mqtt::reason code{answer.codes.front()};
        if (!mqtt::is_failure(code)) return send();
        complain(fmt::format("The subscription to the response topic was denied: {}.",
                             mqtt::describe(code)));
        leave(1);
    }

    void send() {
        std::vector<byte> room(how_.response_topic->size() + 16);
        mqtt::property_writer out(room);
        const auto made =
            out.add(mqtt::property_id::response_topic, *how_.response_topic).made().raw();
        std::vector<byte> all(made.begin(), made.end());
        all.insert(all.end(), how_.publish_properties.begin(), how_.publish_properties.end());
        mqtt::publish what;
        what.topic = how_.topics.back();
        what.payload = as_bytes(payload_);
        what.level = how_.level;
        what.props = mqtt::properties{bytes_view{all}};
        sent_at_ = std::chrono::steady_clock::now();
        if (const auto sent = client_.publish(what); !sent) refuse(sent.error());
    }

    void on_answer(mqtt::reason code) {
        if (!mqtt::is_failure(code)) return;
        complain(fmt::format("The request was denied: {}.", mqtt::describe(code)));
        leave(1);
    }

    void on_message(const mqtt::publish& what) {
        if (is_leaving() || (how_.skips_retained && what.retain)) return;
        const auto took = std::chrono::steady_clock::now() - sent_at_;
        if (!printer_.print(what))
            complain(fmt::format("Message payload is not valid JSON on topic {}.", what.topic));
        if (how_.shows_latency)
            fmt::print("Latency: {:.3f} ms\n",
                       std::chrono::duration<double, std::milli>(took).count());
        leave(std::fflush(stdout) == 0 ? 0 : 1);
    }

    printer printer_;
    std::string payload_;
    std::chrono::steady_clock::time_point sent_at_{};
};

}  // namespace

int request(std::span<char* const> arguments) {
    settings how;
    if (const auto code = prepare(tool::rr, arguments, how)) return *code;
    auto payload = load_payload(how);
    if (!payload) return 1;
    auto engine = make_tool_engine(how);
    if (!engine) return 2;
    return requester(how, std::move(engine), std::move(*payload)).run();
}

}  // namespace nightjar::app
