#include "errand.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdio>

namespace nightjar::app {
namespace {

/// The return codes 1 to 5 of 3.x. [MQTT-3.1.1 3.2.2.3]
std::string_view refusal_text(int code) noexcept {
    constexpr std::array<std::string_view, 6> texts = {
        "unknown reason.",     "unacceptable protocol version.", "identifier rejected.",
        "broker unavailable.", "bad user name or password.",     "not authorised."};
    return texts[code > 0 && code < 6 ? static_cast<std::size_t>(code) : 0];
}

std::string capitalised(std::string_view text) {
    std::string made(text);
    if (!made.empty())
        made[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(made[0])));
    return made;
}

std::string place_of(const settings& how) {
    if (!how.how.unix_path.empty()) return how.how.unix_path;
    return fmt::format("{}:{}", how.how.host, how.how.port);
}

}  // namespace

errand::errand(const settings& how, std::unique_ptr<io::engine> on)
    : how_(how), loop_(std::move(on)), trace_(how.how.version) {}

int errand::run() {
    if (auto made = io::signals::make(loop_)) {
        signals_ = std::move(*made);
        for (const int number : {SIGINT, SIGTERM})
            static_cast<void>(signals_->on(number, [this, number] { on_signal(number); }));
    }
    if (!client_.connect(how_.how, events())) {
        complain("these options make no sense together.");
        return 1;
    }
    loop_.run();
    return code_.value_or(1);
}

client::callbacks errand::events() {
    client::callbacks all;
    all.on_connected = [this](const mqtt::connack& answer) { on_connected(answer); };
    all.on_disconnected = [this](const client::ending& why) { on_disconnected(why); };
    if (how_.is_traced) {
        all.on_bytes_sent = [this](bytes_view part) { trace_.on_sent(part); };
        all.on_bytes_received = [this](bytes_view part) { trace_.on_received(part); };
    }
    return all;
}

void errand::on_connected(const mqtt::connack&) {
    was_connected_ = true;
    if (!is_leaving()) on_ready();
}

void errand::on_disconnected(const client::ending& why) {
    trace_.begin_connection();
    if (is_leaving()) return stop(*code_);
    const bool is_final = !was_connected_ || why.again_in <= duration::zero() ||
                          why.what == client::ending::cause::refused;
    if (is_final) return give_up(why);
    warn(fmt::format("{}; trying again.", capitalised(client::describe(why))));
}

void errand::give_up(const client::ending& why) {
    client_.disconnect();
    if (why.what == client::ending::cause::refused) return stop(refusal(why.code));
    if (why.what == client::ending::cause::unreachable && why.why == error::refused)
        complain("Connection refused");
    else if (why.what == client::ending::cause::unreachable)
        complain(
            fmt::format("Unable to connect to {}: {}.", place_of(how_), client::describe(why)));
    else
        complain(fmt::format("{}.", capitalised(client::describe(why))));
    stop(1);
}

/// Says why the server refused the client, and returns the exit code for it.
int errand::refusal(mqtt::reason code) const {
    const bool is_v5 = how_.how.version == mqtt::version::v5;
    const int number = is_v5 ? static_cast<int>(code) : mqtt::connect_return_code(code);
    if (how_.is_quiet) return number;
    if (is_v5)
        fmt::print(stderr, "Connection error: {}\n", capitalised(mqtt::describe(code)));
    else
        fmt::print(stderr, "Connection error: Connection Refused: {}\n", refusal_text(number));
    return number;
}

void errand::leave(int code) {
    if (is_leaving()) return;
    code_ = code;
    client_.disconnect(mqtt::reason::normal_disconnection,
                       mqtt::properties{bytes_view{how_.disconnect_properties}});
    if (client_.is_idle()) loop_.stop();
}

void errand::stop(int code) {
    if (!code_) code_ = code;
    loop_.stop();
}

void errand::complain(std::string_view what) const {
    if (!how_.is_quiet) fmt::print(stderr, "Error: {}\n", what);
}

void errand::warn(std::string_view what) const {
    if (!how_.is_quiet) fmt::print(stderr, "Warning: {}\n", what);
}

std::unique_ptr<io::engine> make_tool_engine(const settings& how) {
    auto made = io::make_engine(how.engine, {.streams_max = 64});
    if (made) return std::move(*made);
    fmt::print(stderr,
               "Error: this machine lacks what the engine needs ({}); leave --engine out.\n",
               describe(made.error().what));
    return nullptr;
}

}  // namespace nightjar::app
