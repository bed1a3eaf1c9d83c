#pragma once
// The flags that each packet type may have in its first byte. [MQTT-5 2.1.3, table 2-2]

#include <nightjar/mqtt/types.hpp>

#include <array>

namespace nightjar::mqtt {

/// By packet type, a bit per value of the four flags. In 3.1 PUBREL, SUBSCRIBE and UNSUBSCRIBE may
/// have DUP as well (0x0A); later versions refuse it when they read the body. A PUBLISH has no QoS
/// 3, and no DUP at QoS 0. [MQTT-3.1.1 3.3.1-2, 3.3.1-4]
inline constexpr std::array<std::uint16_t, 16> flags_allowed = {
    0,      0x0001, 0x0001, 0x3C3F, 0x0001, 0x0001, 0x0404, 0x0001,
    0x0404, 0x0001, 0x0404, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001,
};

constexpr bool is_first_byte(std::uint8_t first) noexcept {
    return (flags_allowed[first >> 4] >> (first & 0x0F)) & 1;
}

/// Flags 0x02, or 0x0A (with DUP) where 3.1 sends the packet again. [MQTT-3.1 2.1]
constexpr bool are_request_flags(std::uint8_t flags, version v) noexcept {
    return flags == 0x02 || (flags == 0x0A && v == version::v3_1);
}

}  // namespace nightjar::mqtt
