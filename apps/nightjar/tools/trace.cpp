#include "trace.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace nightjar::app {
namespace {

template <class Packet>
struct name_of_packet;
template <>
struct name_of_packet<mqtt::unsuback> {
    static constexpr auto type = mqtt::packet_type::unsuback;
};
template <>
struct name_of_packet<mqtt::pingreq> {
    static constexpr auto type = mqtt::packet_type::pingreq;
};
template <>
struct name_of_packet<mqtt::pingresp> {
    static constexpr auto type = mqtt::packet_type::pingresp;
};
template <>
struct name_of_packet<mqtt::auth> {
    static constexpr auto type = mqtt::packet_type::auth;
};

}  // namespace

void trace::begin_connection() noexcept {
    for (side* one : {&sent_, &received_}) {
        one->held.clear();
        one->is_broken = false;
    }
}

void trace::on_sent(bytes_view part) { feed(sent_, part, way::out); }

void trace::on_received(bytes_view part) { feed(received_, part, way::in); }

void trace::feed(side& from, bytes_view part, way which) {
    if (from.is_broken) return;
    from.held.feed(part, [&](bytes_view& in) {
        const std::size_t missing = eat(in, which);
        from.is_broken = missing == 0;
        return missing;
    });
}

std::size_t trace::eat(bytes_view& in, way which) {
    while (true) {
        const mqtt::step at = mqtt::decode(in, version_, mqtt::limits{});
        if (const auto* wait = std::get_if<mqtt::need>(&at)) return wait->more;
        const auto* whole = std::get_if<mqtt::framed>(&at);
        if (whole == nullptr) return 0;
        std::visit([&](const auto& one) { show(which, one); }, whole->what);
        in = in.subspan(whole->size);
    }
}

void trace::say(way which, std::string_view rest) {
    fmt::print("Client {} {} {}\n", client_id_.empty() ? "(null)" : client_id_,
               which == way::out ? "sending" : "received", rest);
    std::fflush(stdout);
}

void trace::show(way which, const mqtt::publish& p) {
    if (which == way::out) ++last_id_;
    if (which == way::out && p.id != 0) last_id_ = p.id;
    const mqtt::packet_id id = which == way::out ? last_id_ : p.id;
    say(which,
        fmt::format("PUBLISH (d{}, q{}, r{}, m{}, '{}', ... ({} bytes))", p.dup ? 1 : 0,
                    static_cast<int>(p.level), p.retain ? 1 : 0, id, p.topic, p.payload.size()));
}

void trace::show(way which, const mqtt::connect& p) {
    client_id_ = p.client_id;
    say(which, "CONNECT");
}

void trace::show(way which, const mqtt::connack& p) {
    if (const auto given = p.props.text(mqtt::property_id::assigned_client_identifier))
        client_id_ = *given;
    const int code = version_ == mqtt::version::v5 || !mqtt::is_failure(p.code)
                         ? static_cast<int>(p.code)
                         : mqtt::connect_return_code(p.code);
    say(which, fmt::format("CONNACK ({})", code));
}

void trace::show(way which, const mqtt::subscribe& p) {
    last_id_ = p.id;
    for (auto filters = p.filters; !filters.empty();) {
        const mqtt::subscription one = filters.take();
        const int options = (one.no_local ? 4 : 0) | (one.retain_as_published ? 8 : 0) |
                            (static_cast<int>(one.retained) << 4);
        say(which, fmt::format("SUBSCRIBE (Mid: {}, Topic: {}, QoS: {}, Options: 0x{:02x})", p.id,
                               one.filter, static_cast<int>(one.maximum), options));
    }
}

void trace::show(way which, const mqtt::unsubscribe& p) {
    last_id_ = p.id;
    for (auto filters = p.filters; !filters.empty();)
        say(which, fmt::format("UNSUBSCRIBE (Mid: {}, Topic: {})", p.id, filters.take()));
}

void trace::show(way which, const mqtt::suback& p) {
    say(which, "SUBACK");
    if (!tells_levels_) return;
    std::string levels;
    for (const byte code : p.codes) levels += fmt::format("{}{}", levels.empty() ? "" : ", ", code);
    fmt::print("Subscribed (mid: {}): {}\n", p.id, levels);
}

void trace::show(way which, const mqtt::disconnect& p) {
    if (which == way::out) return say(which, "DISCONNECT");
    fmt::print("Received DISCONNECT ({})\n", static_cast<int>(p.code));
    std::fflush(stdout);
}

template <mqtt::packet_type Type>
void trace::show(way which, const mqtt::ack<Type>& p) {
    const std::string_view name = mqtt::describe(Type);
    constexpr bool says_code_out =
        Type == mqtt::packet_type::puback || Type == mqtt::packet_type::pubrec;
    constexpr bool says_code_in =
        Type == mqtt::packet_type::puback || Type == mqtt::packet_type::pubcomp;
    if (which == way::out && says_code_out)
        say(which, fmt::format("{} (m{}, rc{})", name, p.id, static_cast<int>(p.code)));
    else if (which == way::out)
        say(which, fmt::format("{} (m{})", name, p.id));
    else if (says_code_in)
        say(which, fmt::format("{} (Mid: {}, RC:{})", name, p.id, static_cast<int>(p.code)));
    else
        say(which, fmt::format("{} (Mid: {})", name, p.id));
}

template <class Packet>
void trace::show(way which, const Packet&) {
    say(which, mqtt::describe(name_of_packet<Packet>::type));
}

}  // namespace nightjar::app
