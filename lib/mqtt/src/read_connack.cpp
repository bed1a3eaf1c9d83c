#include <nightjar/mqtt/decode.hpp>

#include <array>

#include <nightjar/base/reader.hpp>

#include "reason_table.hpp"

namespace nightjar::mqtt {
namespace {

/// [MQTT-3.1.1 3.2.2.3]
constexpr std::array return_codes = {
    reason::success,
    reason::unsupported_protocol_version,
    reason::client_identifier_not_valid,
    reason::server_unavailable,
    reason::bad_user_name_or_password,
    reason::not_authorized,
};

refusal read_code(std::uint8_t raw, version v, reason& target) noexcept {
    const bool is_5 = v == version::v5;
    if (is_5 ? !is_code_of(packet_type::connack, raw) : raw >= return_codes.size())
        return reason::protocol_error;
    target = is_5 ? static_cast<reason>(raw) : return_codes[raw];
    return {};
}

}  // namespace

refusal read(const frame& f, version v, const limits& max, connack& target) noexcept {
    reader in{f.body};
    const std::uint8_t flags = in.u8();
    const std::uint8_t code = in.u8();
    if (!in.ok()) return reason::malformed_packet;
    // 3.1 has no use for the first byte.
    if (flags > 1 && v != version::v3_1) return reason::malformed_packet;
    if (const refusal why = read_code(code, v, target.code)) return why;
    target.session_present = flags == 1 && v != version::v3_1;
    if (target.session_present && code != 0) return reason::protocol_error;
    target.props = {};
    bytes_view rest = in.rest();
    if (v == version::v5) {
        if (const refusal why = read_properties(rest, property_place::connack, max, target.props))
            return why;
    }
    return rest.empty() ? refusal{} : reason::malformed_packet;
}

}  // namespace nightjar::mqtt
