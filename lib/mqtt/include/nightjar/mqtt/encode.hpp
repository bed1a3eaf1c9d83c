#pragma once
// Packets to bytes. Promise of the caller: the packet is legal for the version; sizes are checked,
// contents are not.

#include <nightjar/base/output.hpp>

#include <nightjar/mqtt/packet.hpp>

namespace nightjar::mqtt {

/// The bytes that the packet will take on the wire, fixed header included; more than 268,435,460
/// where it does not fit MQTT.
std::size_t size_of(const connect& p) noexcept;
std::size_t size_of(const connack& p, version v) noexcept;
std::size_t size_of(const publish& p, version v) noexcept;
std::size_t size_of(const subscribe& p, version v) noexcept;
std::size_t size_of(const suback& p, version v) noexcept;
std::size_t size_of(const unsubscribe& p, version v) noexcept;
std::size_t size_of(const unsuback& p, version v) noexcept;
std::size_t size_of(const disconnect& p, version v) noexcept;
std::size_t size_of(const auth& p) noexcept;

/// Appends the packet to `out`. false: no room there (nothing was written), or the packet is larger
/// than MQTT allows.
bool encode(const connect& p, output& out) noexcept;
bool encode(const connack& p, version v, output& out) noexcept;
bool encode(const publish& p, version v, output& out) noexcept;
bool encode(const puback& p, version v, output& out) noexcept;
bool encode(const pubrec& p, version v, output& out) noexcept;
bool encode(const pubrel& p, version v, output& out) noexcept;
bool encode(const pubcomp& p, version v, output& out) noexcept;
bool encode(const subscribe& p, version v, output& out) noexcept;
bool encode(const suback& p, version v, output& out) noexcept;
bool encode(const unsubscribe& p, version v, output& out) noexcept;
bool encode(const unsuback& p, version v, output& out) noexcept;
bool encode(const disconnect& p, version v, output& out) noexcept;
bool encode(const auth& p, output& out) noexcept;
bool encode(pingreq, output& out) noexcept;
bool encode(pingresp, output& out) noexcept;
/// Any packet, by its type.
bool encode(const packet& p, version v, output& out) noexcept;

/// Writes everything of a PUBLISH but its payload (whose size the fixed header counts), for a
/// payload that is sent from where it lies. The packet identifier, if the QoS asks for one, stands
/// at `head.size - properties - 2`; see publish_head.
struct publish_head {
    std::size_t size = 0;       ///< Bytes written; 0: no room.
    std::size_t id_offset = 0;  ///< Where the two bytes of the packet identifier stand; 0 at QoS 0.
};
publish_head encode_head(const publish& p, version v, bytes room) noexcept;

}  // namespace nightjar::mqtt
