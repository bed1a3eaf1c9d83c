#include <nightjar/base/reader.hpp>

#include <nightjar/mqtt/decode.hpp>

#include "fixed_header.hpp"
#include "reason_table.hpp"

namespace nightjar::mqtt {
namespace {

constexpr property_place place_of(packet_type type) noexcept {
    switch (type) {
        case packet_type::pubrec: return property_place::pubrec;
        case packet_type::pubrel: return property_place::pubrel;
        case packet_type::pubcomp: return property_place::pubcomp;
        default: return property_place::puback;
    }
}

struct ack_fields {
    packet_id& id;
    reason& code;
    properties& props;
};

/// Identifier alone; identifier and code; or both and properties. 3.x has the first form only.
/// [MQTT-5 3.4.2]
refusal read_fields(const frame& f, version v, const limits& max, ack_fields target) noexcept {
    if (f.type == packet_type::pubrel && !are_request_flags(f.flags, v))
        return reason::malformed_packet;
    reader in{f.body};
    target.id = in.u16();
    target.code = reason::success;
    target.props = {};
    if (!in.ok()) return reason::malformed_packet;
    if (target.id == 0) return reason::protocol_error;
    if (in.left() == 0) return {};
    if (v != version::v5) return reason::malformed_packet;
    const std::uint8_t code = in.u8();
    if (!is_code_of(f.type, code)) return reason::protocol_error;
    target.code = static_cast<reason>(code);
    if (in.left() == 0) return {};
    bytes_view rest = in.rest();
    if (const refusal why = read_properties(rest, place_of(f.type), max, target.props)) return why;
    return rest.empty() ? refusal{} : reason::malformed_packet;
}

}  // namespace

refusal read(const frame& f, version v, const limits& max, puback& target) noexcept {
    return read_fields(f, v, max, {target.id, target.code, target.props});
}
refusal read(const frame& f, version v, const limits& max, pubrec& target) noexcept {
    return read_fields(f, v, max, {target.id, target.code, target.props});
}
refusal read(const frame& f, version v, const limits& max, pubrel& target) noexcept {
    return read_fields(f, v, max, {target.id, target.code, target.props});
}
refusal read(const frame& f, version v, const limits& max, pubcomp& target) noexcept {
    return read_fields(f, v, max, {target.id, target.code, target.props});
}

}  // namespace nightjar::mqtt
