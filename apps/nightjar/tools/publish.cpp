// nightjar pub
#include <fmt/format.h>
#include <unistd.h>

#include <nightjar/io/timeout.hpp>

#include <cstdio>
#include <memory>

#include "../subcommand.hpp"
#include "errand.hpp"
#include "flags.hpp"
#include "input_lines.hpp"

namespace nightjar::app {
namespace {

class publisher final : public errand {
public:
    publisher(const settings& how, std::unique_ptr<io::engine> on, std::string payload)
        : errand(how, std::move(on)), payload_(std::move(payload)) {}

private:
    client::callbacks events() override {
        client::callbacks all = errand::events();
        all.on_acknowledged = [this](client::ticket, mqtt::reason code) { on_answer(code); };
        all.on_drained = [this] { on_drained(); };
        all.on_room = [this] { lines_.resume(); };
        all.on_dropped = [this](client::ticket, error why) { refuse(why); };
        return all;
    }

    void on_ready() override {
        if (has_begun_) return;
        has_begun_ = true;
        if (how_.source == payload_source::input_lines)
            lines_.start();
        else
            send_next();
    }

    /// Undelivered messages are no success.
    void on_signal(int number) override { leave(128 + number); }

    void on_answer(mqtt::reason code) {
        if (mqtt::is_failure(code)) warn(fmt::format("Publish failed: {}.", mqtt::describe(code)));
    }

    void on_drained() {
        if (how_.source == payload_source::input_lines) {
            if (is_at_end_) leave(0);
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

    void refuse(error why) {
        const bool is_large = why == error::invalid;
        complain(is_large
                     ? "the message is larger, or its topic alias higher, than the broker takes."
                     : "the broker does not take messages with this QoS or retain flag.");
        leave(1);
    }

    void on_end_of_input() {
        is_at_end_ = true;
        if (client_.is_drained()) leave(0);
    }

    std::string payload_;
    std::uint32_t sent_ = 0;
    bool has_begun_ = false;
    bool is_at_end_ = false;
    io::timeout<publisher, &publisher::send_next> pause_{*this};
    input_lines lines_{loop_,
                       STDIN_FILENO,
                       {.on_line = [this](std::string_view line) { return send(line); },
                        .on_end = [this] { on_end_of_input(); }}};
};

std::optional<std::string> read_all(std::FILE* from) {
    std::string all;
    char room[64 * 1024];
    while (const std::size_t count = std::fread(room, 1, sizeof room, from))
        all.append(room, count);
    return std::ferror(from) ? std::nullopt : std::optional(std::move(all));
}

/// Nullopt: it could not be had, and that was said.
std::optional<std::string> payload_of(const settings& how) {
    if (how.source == payload_source::file) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
            std::fopen(how.payload.c_str(), "rb"), std::fclose);
        auto all = file ? read_all(file.get()) : std::nullopt;
        if (!all)
            fmt::print(stderr, "Error: Unable to {} file \"{}\".\n", file ? "read" : "open",
                       how.payload);
        return all;
    }
    if (how.source != payload_source::input) return how.payload;
    auto all = read_all(stdin);
    if (all && !all->empty()) return all;
    fmt::print(stderr, "Error: Zero length input.\n");
    return std::nullopt;
}

}  // namespace

int publish(std::span<char* const> arguments) {
    settings how;
    if (const auto bad = read_command_line(tool::pub, arguments, how)) {
        fmt::print(stderr, "Error: {}\n\nUse 'nightjar pub --help' to see usage.\n", bad->text);
        return bad->code;
    }
    if (how.asks_help) return print_help(tool::pub), 0;
    auto payload = payload_of(how);
    if (!payload) return 1;
    auto engine = make_tool_engine(how);
    if (!engine) return 2;
    return publisher(how, std::move(engine), std::move(*payload)).run();
}

}  // namespace nightjar::app
