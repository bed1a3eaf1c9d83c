#pragma once
// The variable byte integer. [MQTT-5 1.5.5]

#include <nightjar/base/reader.hpp>
#include <nightjar/base/writer.hpp>

namespace nightjar::mqtt {

inline constexpr std::uint32_t var_int_max = 268'435'455;

/// Fails the reader for a fifth byte and for more bytes than the value needs.
inline std::uint32_t take_var_int(reader& in) noexcept {
    std::uint32_t value = in.u8();
    if (value < 0x80) [[likely]]
        return value;
    value &= 0x7F;
    for (unsigned shift = 7; shift < 28; shift += 7) {
        const std::uint8_t digit = in.u8();
        value |= std::uint32_t{digit & 0x7Fu} << shift;
        if (digit == 0) break;
        if (digit < 0x80) return value;
    }
    in.fail();
    return 0;
}

constexpr std::size_t var_int_size(std::size_t value) noexcept {
    return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

inline void put_var_int(writer& out, std::uint32_t value) noexcept {
    for (; value >= 0x80; value >>= 7) out.u8(static_cast<byte>(value | 0x80));
    out.u8(static_cast<byte>(value));
}

}  // namespace nightjar::mqtt
