#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

std::size_t body_size(bytes_view tail, const properties& list, version v) noexcept {
    return 2 + list_size(list, v) + tail_size(tail);
}

/// The four packets differ in the first byte and in what their tail means.
bool put_request(output& out, byte first, packet_id id, const properties& list, version v,
                 bytes_view tail) noexcept {
    return put_packet(out, first, body_size(tail, list, v), [&](writer& to) {
        to.u16(id);
        put_list(to, list, v);
        to.put(tail);
    });
}

/// 3.x answers an UNSUBSCRIBE with its identifier alone. [MQTT-3.1.1 3.11.3]
bytes_view codes_of(const unsuback& p, version v) noexcept {
    return v == version::v5 ? p.codes : bytes_view{};
}

}  // namespace

std::size_t size_of(const subscribe& p, version v) noexcept {
    return packet_size(body_size(p.filters.raw(), p.props, v));
}
std::size_t size_of(const unsubscribe& p, version v) noexcept {
    return packet_size(body_size(p.filters.raw(), p.props, v));
}
std::size_t size_of(const suback& p, version v) noexcept {
    return packet_size(body_size(p.codes, p.props, v));
}
std::size_t size_of(const unsuback& p, version v) noexcept {
    return packet_size(body_size(codes_of(p, v), p.props, v));
}

bool encode(const subscribe& p, version v, output& out) noexcept {
    const byte first = first_byte(packet_type::subscribe, request_flags);
    return put_request(out, first, p.id, p.props, v, p.filters.raw());
}

bool encode(const unsubscribe& p, version v, output& out) noexcept {
    const byte first = first_byte(packet_type::unsubscribe, request_flags);
    return put_request(out, first, p.id, p.props, v, p.filters.raw());
}

bool encode(const suback& p, version v, output& out) noexcept {
    const byte first = first_byte(packet_type::suback);
    if (v == version::v5) return put_request(out, first, p.id, p.props, v, p.codes);
    // 3.x knows one failure. [MQTT-3.1.1 3.9.3]
    return put_packet(out, first, body_size(p.codes, p.props, v), [&](writer& to) {
        to.u16(p.id);
        for (const byte code : p.codes) to.u8(code < 0x80 ? code : byte{0x80});
    });
}

bool encode(const unsuback& p, version v, output& out) noexcept {
    return put_request(out, first_byte(packet_type::unsuback), p.id, p.props, v, codes_of(p, v));
}

}  // namespace nightjar::mqtt
