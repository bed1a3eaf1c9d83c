#include <nightjar/mqtt/decode.hpp>

#include "reason_table.hpp"
#include "request_head.hpp"

namespace nightjar::mqtt {
namespace {

bool is_suback_code(std::uint8_t code, version v) noexcept {
    return v == version::v5 ? is_code_of(packet_type::suback, code) : code <= 2 || code == 0x80;
}

}  // namespace

refusal read(const frame& f, version v, const limits& max, suback& target) noexcept {
    bytes_view rest = f.body;
    if (const refusal why =
            read_request_head(rest, v, property_place::suback, max, target.id, target.props))
        return why;
    target.codes = rest;
    if (rest.empty()) return reason::malformed_packet;
    for (const byte code : rest)
        if (!is_suback_code(code, v)) return reason::protocol_error;
    return {};
}

refusal read(const frame& f, version v, const limits& max, unsuback& target) noexcept {
    bytes_view rest = f.body;
    if (const refusal why =
            read_request_head(rest, v, property_place::unsuback, max, target.id, target.props))
        return why;
    target.codes = rest;
    // 3.x answers with the identifier alone, 5.0 with a code per filter. [MQTT-5 3.11.3-1]
    if (rest.empty() != (v != version::v5)) return reason::malformed_packet;
    for (const byte code : rest)
        if (!is_code_of(packet_type::unsuback, code)) return reason::protocol_error;
    return {};
}

}  // namespace nightjar::mqtt
