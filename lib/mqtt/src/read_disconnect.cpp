#include <nightjar/base/reader.hpp>

#include <nightjar/mqtt/decode.hpp>

#include "reason_table.hpp"

namespace nightjar::mqtt {
namespace {

refusal read_code(reader& in, packet_type type, reason& target) noexcept {
    const std::uint8_t code = in.u8();
    if (!is_code_of(type, code)) return reason::protocol_error;
    target = static_cast<reason>(code);
    return {};
}

refusal read_last_list(reader& in, property_place place, const limits& max,
                       properties& target) noexcept {
    bytes_view rest = in.rest();
    if (const refusal why = read_properties(rest, place, max, target)) return why;
    return rest.empty() ? refusal{} : reason::malformed_packet;
}

}  // namespace

/// Empty, a code alone, or a code and properties; empty in 3.x. [MQTT-5 3.14.2]
refusal read(const frame& f, version v, const limits& max, disconnect& target) noexcept {
    reader in{f.body};
    target = {};
    if (in.left() == 0) return {};
    if (v != version::v5) return reason::malformed_packet;
    if (const refusal why = read_code(in, f.type, target.code)) return why;
    return in.left() == 0 ? refusal{}
                          : read_last_list(in, property_place::disconnect, max, target.props);
}

/// Empty, or a code and properties: unlike DISCONNECT there is no form with a code alone.
/// [MQTT-5 3.15.2.1]
refusal read(const frame& f, version v, const limits& max, auth& target) noexcept {
    reader in{f.body};
    target = {};
    if (v != version::v5) return reason::malformed_packet;
    if (in.left() == 0) return {};
    if (const refusal why = read_code(in, f.type, target.code)) return why;
    return read_last_list(in, property_place::auth, max, target.props);
}

}  // namespace nightjar::mqtt
