#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

std::string_view protocol_name(version v) noexcept {
    return v == version::v3_1 ? "MQIsdp" : "MQTT";
}

std::size_t will_size(const connect& p) noexcept {
    if (!p.last_will) return 0;
    const will& it = *p.last_will;
    return list_size(it.props, p.version) + field_size(it.topic.size()) +
           field_size(it.payload.size());
}

std::size_t body_size(const connect& p) noexcept {
    return field_size(protocol_name(p.version).size()) + 4 + list_size(p.props, p.version) +
           field_size(p.client_id.size()) + will_size(p) +
           (p.user_name ? field_size(p.user_name->size()) : 0) +
           (p.password ? field_size(p.password->size()) : 0);
}

byte level_of(const connect& p) noexcept {
    return static_cast<byte>(static_cast<unsigned>(p.version) | (p.is_bridge ? 0x80u : 0u));
}

/// [MQTT-5 3.1.2.3]
byte flags_of(const connect& p) noexcept {
    unsigned flags = p.clean_start ? 0x02 : 0;
    if (p.last_will) {
        flags |= 0x04 | static_cast<unsigned>(p.last_will->level) << 3;
        if (p.last_will->retain) flags |= 0x20;
    }
    if (p.password) flags |= 0x40;
    if (p.user_name) flags |= 0x80;
    return static_cast<byte>(flags);
}

void put_body(writer& out, const connect& p) noexcept {
    put_text(out, protocol_name(p.version));
    out.u8(level_of(p));
    out.u8(flags_of(p));
    out.u16(p.keep_alive_s);
    put_list(out, p.props, p.version);
    put_text(out, p.client_id);
    if (p.last_will) {
        put_list(out, p.last_will->props, p.version);
        put_text(out, p.last_will->topic);
        put_binary(out, p.last_will->payload);
    }
    if (p.user_name) put_text(out, *p.user_name);
    if (p.password) put_binary(out, *p.password);
}

}  // namespace

std::size_t size_of(const connect& p) noexcept { return packet_size(body_size(p)); }

bool encode(const connect& p, output& out) noexcept {
    return put_packet(out, first_byte(packet_type::connect), body_size(p),
                      [&](writer& to) { put_body(to, p); });
}

}  // namespace nightjar::mqtt
