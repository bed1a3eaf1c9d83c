#include <nightjar/mqtt/decode.hpp>

#include "fixed_header.hpp"

namespace nightjar::mqtt {
namespace {

template <class Packet>
step read_as(const frame& f, version v, const limits& max) noexcept {
    step done{framed{packet{std::in_place_type<Packet>}, f.size}};
    Packet& target = *std::get_if<Packet>(&std::get_if<framed>(&done)->what);
    refusal why;
    if constexpr (std::is_same_v<Packet, connect>)
        why = read(f, max, target);
    else
        why = read(f, v, max, target);
    if (why) return *why;
    return done;
}

step read_any(const frame& f, version v, const limits& max) noexcept {
    switch (f.type) {
        case packet_type::connect: return read_as<connect>(f, v, max);
        case packet_type::connack: return read_as<connack>(f, v, max);
        case packet_type::publish: return read_as<publish>(f, v, max);
        case packet_type::puback: return read_as<puback>(f, v, max);
        case packet_type::pubrec: return read_as<pubrec>(f, v, max);
        case packet_type::pubrel: return read_as<pubrel>(f, v, max);
        case packet_type::pubcomp: return read_as<pubcomp>(f, v, max);
        case packet_type::subscribe: return read_as<subscribe>(f, v, max);
        case packet_type::suback: return read_as<suback>(f, v, max);
        case packet_type::unsubscribe: return read_as<unsubscribe>(f, v, max);
        case packet_type::unsuback: return read_as<unsuback>(f, v, max);
        case packet_type::pingreq: return framed{pingreq{}, f.size};
        case packet_type::pingresp: return framed{pingresp{}, f.size};
        case packet_type::disconnect: return read_as<disconnect>(f, v, max);
        case packet_type::auth: return read_as<auth>(f, v, max);
    }
    return reason::malformed_packet;
}

/// What cut_packet() cannot see, as it does not know the version.
bool is_first_byte_of(byte first, version v) noexcept {
    switch (static_cast<packet_type>(first >> 4)) {
        case packet_type::auth: return v == version::v5;
        case packet_type::pubrel:
        case packet_type::subscribe:
        case packet_type::unsubscribe: return are_request_flags(first & 0x0F, v);
        default: return true;
    }
}

}  // namespace

step decode(bytes_view in, version v, const limits& max) noexcept {
    if (!in.empty() && !is_first_byte_of(in[0], v)) return reason::malformed_packet;
    const cutting found = cut_packet(in, max);
    switch (found.what) {
        case cut::whole: return read_any(found.packet, v, max);
        case cut::more: return need{found.missing};
        case cut::wrong: return found.code;
    }
    return reason::malformed_packet;
}

}  // namespace nightjar::mqtt
