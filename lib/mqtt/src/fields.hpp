#pragma once
// Fields with a two-byte length in front. [MQTT-5 1.5.4, 1.5.6]

#include <nightjar/base/reader.hpp>
#include <nightjar/base/writer.hpp>

#include <string_view>

namespace nightjar::mqtt {

/// Says nothing about the characters.
inline std::string_view take_text(reader& in) noexcept { return as_text(in.take(in.u16())); }
inline bytes_view take_binary(reader& in) noexcept { return in.take(in.u16()); }

/// Promise of the caller: at most 65535 bytes.
inline void put_binary(writer& out, bytes_view value) noexcept {
    out.u16(static_cast<std::uint16_t>(value.size()));
    out.put(value);
}
inline void put_text(writer& out, std::string_view value) noexcept {
    put_binary(out, as_bytes(value));
}

}  // namespace nightjar::mqtt
