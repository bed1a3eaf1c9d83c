#pragma once
// How long packets become. Sizes saturate instead of wrapping, so that what does not fit MQTT shows
// as too large.

#include <algorithm>

#include <nightjar/base/output.hpp>

#include <nightjar/mqtt/properties.hpp>

#include "fields.hpp"
#include "var_int.hpp"

namespace nightjar::mqtt {

/// Larger than every packet; a few of them still fit 32 bits.
inline constexpr std::size_t too_large = std::size_t{var_int_max} + 6;

constexpr std::size_t field_size(std::size_t bytes) noexcept {
    return bytes <= 65535 ? 2 + bytes : too_large;
}
constexpr std::size_t tail_size(bytes_view tail) noexcept {
    return std::min(tail.size(), too_large);
}

inline std::size_t list_size(const properties& list) noexcept {
    const std::size_t size = tail_size(list.raw());
    return var_int_size(size) + size;
}

/// The list where the version has one.
inline std::size_t list_size(const properties& list, version v) noexcept {
    return v == version::v5 ? list_size(list) : 0;
}

constexpr std::size_t packet_size(std::size_t body) noexcept {
    return 1 + var_int_size(body) + body;
}

inline void put_list(writer& out, const properties& list) noexcept {
    put_var_int(out, static_cast<std::uint32_t>(list.raw().size()));
    out.put(list.raw());
}

inline void put_list(writer& out, const properties& list, version v) noexcept {
    if (v == version::v5) put_list(out, list);
}

constexpr byte first_byte(packet_type type, unsigned flags = 0) noexcept {
    return static_cast<byte>(static_cast<unsigned>(type) << 4 | flags);
}

/// Flags of PUBREL, SUBSCRIBE and UNSUBSCRIBE.
inline constexpr unsigned request_flags = 0x02;

/// Reserves a packet of `body` bytes behind `first`, lets `fill(writer&)` write the body, and
/// commits it.
template <class Fill>
bool put_packet(output& out, byte first, std::size_t body, Fill&& fill) noexcept {
    if (body > var_int_max) [[unlikely]]
        return false;
    const std::size_t size = packet_size(body);
    const bytes room = out.reserve(size);
    if (room.empty()) [[unlikely]]
        return false;
    writer to{room.first(size)};
    to.u8(first);
    put_var_int(to, static_cast<std::uint32_t>(body));
    fill(to);
    expects(to.ok() && to.left() == 0, "a packet is as long as was computed");
    out.commit(size);
    return true;
}

}  // namespace nightjar::mqtt
