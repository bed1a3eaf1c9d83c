#include "fixed_header.hpp"

#include <nightjar/mqtt/decode.hpp>

namespace nightjar::mqtt {
namespace {

struct length {
    std::size_t value = 0;
    std::size_t digits = 0;  ///< 0: see `whole`.
    bool whole = false;      ///< Without digits: nothing wrong yet, the next byte is missing.
};

/// The remaining length behind the first byte: one to four bytes, and no more than the value needs.
/// [MQTT-5 1.5.5-1, 2.1.4]
length remaining_length(bytes_view in) noexcept {
    std::size_t value = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
        if (i >= in.size()) return {};
        const byte digit = in[i];
        value |= std::size_t{digit & 0x7Fu} << (7 * (i - 1));
        if (digit == 0 && i > 1) break;
        if (digit < 0x80) return {value, i, true};
    }
    return {0, 0, true};
}

cutting refuse(reason code) noexcept { return {cut::wrong, {}, 0, code}; }
cutting wait_for(std::size_t missing) noexcept { return {cut::more, {}, missing, {}}; }

constexpr bool has_no_body(packet_type type) noexcept {
    return type == packet_type::pingreq || type == packet_type::pingresp;
}

}  // namespace

cutting cut_packet(bytes_view in, const limits& max) noexcept {
    if (in.empty()) return wait_for(2);
    if (!is_first_byte(in[0])) [[unlikely]]
        return refuse(reason::malformed_packet);
    const length body = remaining_length(in);
    if (body.digits == 0) [[unlikely]]
        return body.whole ? refuse(reason::malformed_packet) : wait_for(1);
    const auto type = static_cast<packet_type>(in[0] >> 4);
    const std::size_t size = 1 + body.digits + body.value;
    if (size > max.packet_max) [[unlikely]]
        return refuse(reason::packet_too_large);
    if (has_no_body(type) && body.value != 0) [[unlikely]]
        return refuse(reason::malformed_packet);
    if (in.size() < size) return wait_for(size - in.size());
    const byte flags = in[0] & 0x0F;
    return {cut::whole, {type, flags, in.subspan(1 + body.digits, body.value), size}, 0, {}};
}

}  // namespace nightjar::mqtt
