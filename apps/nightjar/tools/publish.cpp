// nightjar pub
#include <fmt/format.h>
#include <unistd.h>

#include <nightjar/io/timeout.hpp>

#include "../subcommand.hpp"
#include "errand.hpp"
#include "input_lines.hpp"
#include "payload.hpp"

namespace nightjar::app {
namespace {

class publisher final : public errand {
public:
    publisher(const settings& how, std::unique_ptr<io::engine> on, std::string payload)
        : errand(tool::pub, how, std::move(on)), payload_(std::move(payload)) {}

private:
    client::callbacks events() override {
        client::callbacks all = errand::events();
        all.on_acknowledged = [this](client::ticket which, mqtt::reason code) {
            on_answer(which, code);
        };
        all.on_drained = [this] { on_drained(); };
        all.on_room = [this] { lines_.resume(); };
        all.on_dropped = [this](client::ticket which, error why) { on_dropped(which, why); };
        return all;
    }

    void on_ready() override {
        if (has_begun_) return;
        has_begun_ = true;
        if (is_by_line())
            lines_.start();
        else
            send_next();
    }

    bool is_by_line() const noexcept { return how_.source == payload_source::input_lines; }

    /// What was read from a pipe is not read again; a single message can be sent again by whoever
    /// sees the exit code.
    bool comes_back() const noexcept override { return is_by_line(); }

    /// Undelivered messages are no success.
    void on_signal(int number) override { leave(128 + number); }

    void on_answer(client::ticket which, mqtt::reason code) {
        if (mqtt::is_failure(code))
            warn(fmt::format("Publish {} failed: {}.", which, reason_text(code)));
    }

    /// What expired while it waited for the broker leaves room for what follows it.
    void on_dropped(client::ticket which, error why) {
        if (why != error::timed_out) return refuse(why);
        warn(fmt::format("Publish {} failed: it expired before it could be sent.", which));
        has_lost_ = true;
        if (!is_by_line() || (is_at_end_ && client_.is_drained())) leave(1);
    }

    static std::string reason_text(mqtt::reason code) {
        std::string text(mqtt::describe(code));
        if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
            text[0] = static_cast<char>(text[0] - 'a' + 'A');
        return text;
    }

    void on_drained() {
        if (is_by_line()) {
            if (is_at_end_) leave(has_lost_ ? 1 : 0);
        } else if (sent_ == how_.repeat) {
            leave(0);
        } else {
            pause_.start(loop_, how_.repeat_delay);
        }
    }

    void send_next() noexcept {
        ++sent_;
        send(payload_);
    }

    /// False: the client's queue is full.
    bool send(std::string_view payload) {
        mqtt::publish what;
        what.topic = how_.topics.back();
        what.payload = as_bytes(payload);
        what.level = how_.level;
        what.retain = how_.retain;
        what.props = mqtt::properties{bytes_view{how_.publish_properties}};
        const auto sent = client_.publish(what);
        if (!sent && sent.error() == error::no_room) return false;
        if (!sent) refuse(sent.error());
        return true;
    }

    void on_end_of_input() {
        is_at_end_ = true;
        if (client_.is_drained()) leave(has_lost_ ? 1 : 0);
    }

    void on_endless_line() {
        complain(fmt::format("A line must be less than {} bytes.", payload_max));
        leave(1);
    }

    std::string payload_;
    std::uint32_t sent_ = 0;
    bool has_begun_ = false;
    bool is_at_end_ = false;
    bool has_lost_ = false;
    io::timeout<publisher, &publisher::send_next> pause_{*this};
    input_lines lines_{loop_,
                       STDIN_FILENO,
                       {.on_line = [this](std::string_view line) { return send(line); },
                        .on_end = [this] { on_end_of_input(); },
                        .on_endless_line = [this] { on_endless_line(); }}};
};

}  // namespace

int publish(std::span<char* const> arguments) {
    settings how;
    if (const auto code = prepare(tool::pub, arguments, how)) return *code;
    auto payload = load_payload(how);
    if (!payload) return 1;
    auto engine = make_tool_engine(how);
    if (!engine) return 2;
    return publisher(how, std::move(engine), std::move(*payload)).run();
}

}  // namespace nightjar::app
