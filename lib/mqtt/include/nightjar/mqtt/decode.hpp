#pragma once
// Bytes to packets: pure functions without state. Strict: what the standard forbids is refused with
// its own reason code.

#include <nightjar/mqtt/packet.hpp>

namespace nightjar::mqtt {

struct need {
    std::size_t more;
};  ///< Come back with at least this many further bytes.
struct framed {
    packet what;
    std::size_t size;
};  ///< Drop `size` bytes, then ask again.
using step = std::variant<need, framed, reason>;

/// Decodes the packet at the front of `in`. A function of its arguments and nothing else.
/// Views in the result point into `in`. O(bytes of one packet), bounded by `max.packet_max`.
/// [MQTT-5 2.1] `v` is the connection's version; a CONNECT brings its own and ignores it. Refuses
/// as soon as the bytes at hand prove the packet wrong: a bad first byte, a padded or too long
/// remaining length, a packet beyond the limit.
step decode(bytes_view in, version v, const limits& max) noexcept;

// The same in two steps, for a machine that switches on the type itself and wants no variant on its
// hot path.

/// A whole packet, cut but not read.
struct frame {
    packet_type type{};
    byte flags = 0;  ///< The low four bits of the first byte, checked; DUP of 3.1's PUBREL and the
                     ///< like by read().
    bytes_view body{};
    std::size_t size = 0;  ///< Whole packet with its fixed header.
};
enum class cut : std::uint8_t { whole, more, wrong };
struct cutting {
    cut what{};
    frame packet{};           ///< whole
    std::size_t missing = 0;  ///< more
    reason code{};            ///< wrong
};
cutting cut_packet(bytes_view in, const limits& max) noexcept;

/// Each reads the body of a frame of its own type. nullopt: `target` is filled. Else the reason to
/// refuse it.
using refusal = std::optional<reason>;
refusal read(const frame& f, const limits& max, connect& target) noexcept;
refusal read(const frame& f, version v, const limits& max, connack& target) noexcept;
refusal read(const frame& f, version v, const limits& max, publish& target) noexcept;
refusal read(const frame& f, version v, const limits& max, puback& target) noexcept;
refusal read(const frame& f, version v, const limits& max, pubrec& target) noexcept;
refusal read(const frame& f, version v, const limits& max, pubrel& target) noexcept;
refusal read(const frame& f, version v, const limits& max, pubcomp& target) noexcept;
refusal read(const frame& f, version v, const limits& max, subscribe& target) noexcept;
refusal read(const frame& f, version v, const limits& max, suback& target) noexcept;
refusal read(const frame& f, version v, const limits& max, unsubscribe& target) noexcept;
refusal read(const frame& f, version v, const limits& max, unsuback& target) noexcept;
refusal read(const frame& f, version v, const limits& max, disconnect& target) noexcept;
refusal read(const frame& f, version v, const limits& max, auth& target) noexcept;

}  // namespace nightjar::mqtt
