#include "errand.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdio>

namespace nightjar::app {
namespace {

using cause = client::ending::cause;

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

/// In the capital letters of the standard, where Mosquitto's tools have them. [MQTT-5 3.2.2.2]
std::string refusal_text(mqtt::reason code) {
    switch (code) {
        case mqtt::reason::malformed_packet: return "Malformed Packet";
        case mqtt::reason::client_identifier_not_valid: return "Client Identifier not valid";
        case mqtt::reason::bad_user_name_or_password: return "Bad User Name or Password";
        case mqtt::reason::unsupported_protocol_version:
            return "Unsupported Protocol Version. Try connecting to an MQTT v5 broker, or use MQTT "
                   "v3.x mode.";
        default: return capitalised(mqtt::describe(code));
    }
}

/// Why a message did not go, or may not have.
std::string loss_text(error why) {
    switch (why.what) {
        case error::invalid:
            return "The message is larger, or its topic alias higher, than the broker takes.";
        case error::unsupported: return "The broker does not take retained messages.";
        case error::timed_out: return "The message expired before it could be sent.";
        case error::cancelled:
            return "The broker no longer knows the session: what was on its way may be lost.";
        default: return fmt::format("The message was not sent: {}.", describe(why.what));
    }
}

std::string place_of(const settings& how) {
    if (!how.how.unix_path.empty()) return how.how.unix_path;
    return fmt::format("{}:{}", how.how.host, how.how.port);
}

}  // namespace

errand::errand(tool which, const settings& how, std::unique_ptr<io::engine> on)
    : how_(how), loop_(std::move(on)), trace_(how.how.version, which == tool::sub) {}

int errand::run() {
    if (auto made = io::signals::make(loop_)) {
        signals_ = std::move(*made);
        for (const int number : {SIGINT, SIGTERM})
            static_cast<void>(signals_->on(number, [this, number] { on_interrupt(number); }));
    }
    client::options how = how_.how;
    how.again.is_on = comes_back();
    if (!client_.connect(how, events())) {
        complain("these options make no sense together.");
        return 1;
    }
    if (how_.timeout_s != 0) limit_.start(loop_, std::chrono::seconds(how_.timeout_s));
    loop_.run();
    return code_.value_or(1);
}

client::callbacks errand::events() {
    client::callbacks all;
    all.on_connected = [this](const mqtt::connack& answer) { on_connected(answer); };
    all.on_disconnected = [this](const client::ending& why) { on_disconnected(why); };
    if (!how_.auth_properties.empty()) all.on_auth = [this](const mqtt::auth&) { on_auth(); };
    if (how_.is_traced) {
        all.on_bytes_sent = [this](bytes_view part) { trace_.on_sent(part); };
        all.on_bytes_received = [this](bytes_view part) { trace_.on_received(part); };
    }
    return all;
}

void errand::on_connected(const mqtt::connack& answer) {
    was_connected_ = true;
    const auto most = answer.props.number(mqtt::property_id::maximum_qos);
    level_max_ = most ? static_cast<mqtt::qos>(*most) : mqtt::qos::exactly_once;
    if (!is_leaving()) on_ready();
}

/// Answers with what -D auth gave, under the method of CONNECT. [MQTT-5 4.12]
void errand::on_auth() {
    const mqtt::properties hello{bytes_view{how_.how.properties}};
    const auto method = hello.text(mqtt::property_id::authentication_method).value_or("");
    std::vector<byte> room(method.size() + 16);
    mqtt::property_writer out(room);
    const bytes_view made = out.add(mqtt::property_id::authentication_method, method).made().raw();
    std::vector<byte> all(made.begin(), made.end());
    all.insert(all.end(), how_.auth_properties.begin(), how_.auth_properties.end());
    mqtt::auth answer;
    answer.code = mqtt::reason::continue_authentication;
    answer.props = mqtt::properties{bytes_view{all}};
    static_cast<void>(client_.authenticate(answer));
}

/// The second one does not wait for the server.
void errand::on_interrupt(int number) {
    if (is_leaving()) return loop_.stop();
    on_signal(number);
}

void errand::on_limit() noexcept {
    if (is_leaving()) return;
    if (!how_.is_quiet) fmt::print(stderr, "Timed out\n");
    leave(timed_out);
}

void errand::on_disconnected(const client::ending& why) {
    trace_.begin_connection();
    if (is_leaving()) return stop(*code_);
    const bool is_nonsense = why.what == cause::broken && why.why == error::protocol;
    const bool is_nobody = why.what == cause::unreachable && !was_connected_;
    if (why.again_in <= duration::zero() || is_nobody || is_nonsense || why.what == cause::refused)
        return give_up(why);
    warn(fmt::format("{}; trying again.", capitalised(client::describe(why))));
}

void errand::give_up(const client::ending& why) {
    client_.disconnect();
    switch (why.what) {
        case cause::refused: return stop(refusal(why.code));
        case cause::unreachable:
            if (why.why == error::refused)
                complain("Connection refused");
            else
                complain(
                    fmt::format("Unable to connect to {}: {}.", place_of(how_), describe(why)));
            return stop(1);
        case cause::server_left:
            complain(fmt::format("{}.", capitalised(describe(why))));
            return stop(not_connected);
        case cause::broken:
            if (why.why == error::protocol)
                complain("A network protocol error occurred when communicating with the broker.");
            else
                complain(fmt::format("{}.", capitalised(describe(why))));
            return stop(why.why == error::protocol ? protocol_broken : connection_lost);
        case cause::lost:
        case cause::asked: complain("The connection was lost."); return stop(connection_lost);
    }
}

/// Says why the server refused the client, and returns the exit code for it.
int errand::refusal(mqtt::reason code) const {
    const bool is_v5 = how_.how.version == mqtt::version::v5;
    const int number = is_v5 ? static_cast<int>(code) : mqtt::connect_return_code(code);
    if (how_.is_quiet) return number;
    if (is_v5)
        fmt::print(stderr, "Connection error: {}\n", refusal_text(code));
    else
        fmt::print(stderr, "Connection error: Connection Refused: {}\n", refusal_text(number));
    return number;
}

void errand::refuse(error why) {
    if (why == error::unsupported && how_.level > level_max_)
        complain("Message QoS not supported on broker, try a lower QoS.");
    else
        complain(loss_text(why));
    leave(1);
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

std::optional<int> prepare(tool which, std::span<char* const> arguments, settings& target) {
    if (const auto bad = read_command_line(which, arguments, target)) {
        fmt::print(stderr, "Error: {}\n\nUse 'nightjar {} --help' to see usage.\n", bad->text,
                   name_of(which));
        return bad->code;
    }
    if (target.asks_help) return print_help(which), 0;
    if (!target.asks_version) return std::nullopt;
    fmt::print("nightjar {} version {}\n", name_of(which), NIGHTJAR_VERSION);
    return 0;
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
