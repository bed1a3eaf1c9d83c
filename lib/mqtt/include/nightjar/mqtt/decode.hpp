#pragma once
// Bytes to packets: pure functions without state. Strict: what the standard forbids is refused with
// its own reason code.

#include <nightjar/mqtt/packet.hpp>

namespace nightjar::mqtt {

/// Come back with at least this many further bytes.
struct need {
    std::size_t more;
};
/// Drop `size` bytes, then ask again.
struct framed {
    packet what;
    std::size_t size;
};
using step = std::variant<need, framed, reason>;

/// Decodes the packet at the front of `in`. A function of its arguments and nothing else.
/// Views in the result point into `in`. O(bytes of one packet), bounded by `max.packet_max`.
/// [MQTT-5 2.1]
///
/// `v` is the connection's version; a CONNECT brings its own and ignores it. Refuses
/// as soon as the bytes at hand prove the packet wrong: a bad first byte, a padded or too long
/// remaining length, a packet beyond the limit. Takes what either side may send: who may not send
/// it (a client no subscription identifier in PUBLISH, a server no session expiry in DISCONNECT) is
/// the session's to say. A topic or filter of wrong form is malformed_packet; 0x90 and 0x8F,
/// "correctly formed, but not accepted", are for the ones beyond `max`.
step decode(bytes_view in, version v, const limits& max) noexcept;

// The same in two steps, for a machine that switches on the type itself and wants no variant on its
// hot path.

/// A whole packet, cut but not read.
struct frame {
    packet_type type{};
    byte flags = 0;  ///< The low four bits of the first byte, checked as far as all versions agree.
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

/// What decode() does before it reads the body. Views point into `in`. O(1).
cutting cut_packet(bytes_view in, const limits& max) noexcept;

/// Each reads the body of a frame of its own type, as cut_packet() made it. nullopt: `target` is
/// filled. Else the reason to refuse it, and `target` holds anything; only `connect::version` then
/// says in which version to answer.
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
