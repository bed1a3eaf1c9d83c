#pragma once
// The memory of QoS 1 and 2, one side each: which packet identifiers are in flight and how far they
// have come. Both outlive the network connection and work in storage that their owner lends.
//
//   send_window, a ring of slots in sending order (an identifier's slot is its distance from the
//   oldest):
//
//        oldest                     next
//      | id 17  | id 18 | id 19 | id 20 … free slots
//      | puback | done  | pubcomp |
//
// `done` slots wait for those before them; so the ring is given more slots than the quota.

#include <nightjar/base/result.hpp>

#include <nightjar/mqtt/packet.hpp>

#include <span>
#include <utility>

namespace nightjar::mqtt {

/// What the owner calls a message in flight: a pointer, an index; 0 for a message that is not kept.
using token = std::uintptr_t;

/// Messages that we sent and the peer has not yet acknowledged in full. [MQTT-5 4.3, 4.4, 4.6]
class send_window {
public:
    /// `wait_answer`: a SUBSCRIBE or UNSUBSCRIBE of a client, which shares the identifiers.
    /// [MQTT-5 2.2.1]
    enum class stage : std::uint8_t { done, wait_puback, wait_pubrec, wait_pubcomp, wait_answer };
    struct slot {
        token message = 0;
        stage at = stage::done;
        bool is_written = false;  ///< On this connection; after a reconnect false until resent.
    };

    /// `storage`: a power of two of slots (2 to 65536), lent until the window is destroyed or moved
    /// to other storage.
    explicit send_window(std::span<slot> storage) noexcept;

    /// At most this many in flight: the smaller of the peer's Receive Maximum and our own limit.
    /// [MQTT-5 4.9]
    void set_quota(std::uint16_t quota) noexcept;
    bool has_room() const noexcept;
    bool has_slot() const noexcept;  ///< For a request.
    /// A message starts its flight. `no_room` when the quota or the ring is used up.
    result<packet_id> begin(qos level, token message) noexcept;
    /// A SUBSCRIBE or UNSUBSCRIBE starts: takes a slot and an identifier, but no quota. `no_room`
    /// when the ring is used up.
    result<packet_id> begin_request(token request) noexcept;
    /// The identifier that the next flight or request will get.
    packet_id next_id() const noexcept;

    /// What an acknowledgement did.
    struct outcome {
        bool is_known = false;     ///< false: no such identifier in that stage. Nothing changed.
        bool is_released = false;  ///< The message is needed no more: PUBACK, PUBREC, or a failure.
        token message = 0;         ///< With is_released.
    };
    outcome on_puback(packet_id id) noexcept;
    /// `failed`: reason code of 0x80 or more ends the flight. [MQTT-5 4.3.3]. A repeated PUBREC is
    /// known and releases nothing.
    outcome on_pubrec(packet_id id, bool failed) noexcept;
    outcome on_pubcomp(packet_id id) noexcept;
    /// SUBACK or UNSUBACK. `message` is the request's token.
    outcome on_answer(packet_id id) noexcept;
    /// A new network connection: requests will not be answered, nothing is written yet.
    /// [MQTT-5 4.4]
    void begin_connection() noexcept;
    /// The peer knows of no PUBREC: those flights are over. The others stay, to start again.
    void forget_released() noexcept;
    /// The peer has no session for us: nothing is in flight. The identifiers go on from where they
    /// were.
    void clear() noexcept;

    /// Visits what is in flight, oldest first: `visit(packet_id, slot&)`; for resending after a
    /// reconnect. [MQTT-5 4.4] `visit` changes nothing but `is_written`.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (std::uint32_t i = 0; i != used_; ++i)
            if (slot& s = at(i); s.at != stage::done) visit(id_at(i), s);
    }

    std::uint16_t quota() const noexcept { return quota_; }
    std::uint16_t in_flight() const noexcept { return in_flight_; }
    bool is_empty() const noexcept { return in_flight_ == 0; }
    std::span<slot> storage() const noexcept { return slots_; }
    /// Takes over what is in flight elsewhere, its numbering and its quota: the way to a larger
    /// ring. Promise: it fits here and this window is empty. `other` is empty afterwards.
    void take_over(send_window& other) noexcept;

private:
    slot& at(std::uint32_t distance) noexcept;
    packet_id id_at(std::uint32_t distance) const noexcept;
    packet_id append(const slot& what) noexcept;
    slot* find(packet_id id, stage at_stage) noexcept;
    outcome finish(slot& s) noexcept;
    void forget(stage which) noexcept;
    void drop_done() noexcept;

    std::span<slot> slots_;
    std::uint32_t head_ = 0;  // slot of the oldest
    std::uint32_t used_ = 0;  // slots from the oldest to the newest, `done` ones included
    packet_id oldest_ = 1;  // identifier of the slot at head_; identifiers run 1 … 65535 and skip 0
    std::uint16_t in_flight_ = 0;
    std::uint16_t quota_ = 65535;
};

/// QoS 2 identifiers that the peer sent and has not yet released. [MQTT-5 4.3.3] Those that wait
/// for their first PUBREC are told apart: a repeated PUBLISH of theirs must not be answered yet.
///
///      | settled … | waiting … | free |
class receive_window {
public:
    explicit receive_window(std::span<packet_id> storage) noexcept : ids_(storage) {}

    enum class verdict : std::uint8_t { fresh, repeated, no_room };
    /// A QoS 2 PUBLISH came: `fresh` is to be delivered and remembered from now on. O(identifiers
    /// held).
    verdict admit(packet_id id) noexcept;
    /// A PUBREL came. false: not held (PUBCOMP 0x92 in 5.0).
    bool release(packet_id id) noexcept;
    bool holds(packet_id id) const noexcept;
    /// It was taken care of: from now on PUBREC answers a repeated PUBLISH. false: not held.
    bool settle(packet_id id) noexcept;
    bool is_settled(packet_id id) const noexcept;
    std::size_t held() const noexcept { return used_; }
    std::span<packet_id> storage() const noexcept { return ids_; }
    /// The peer has no session for us: nothing is held.
    void clear() noexcept { used_ = settled_ = 0; }
    /// Takes over what is held elsewhere. Promise: it fits here and this window is empty. `other`
    /// is empty afterwards.
    void take_over(receive_window& other) noexcept;

private:
    std::size_t find(packet_id id) const noexcept;

    std::span<packet_id> ids_;
    std::size_t used_ = 0;
    std::size_t settled_ = 0;  // of them, at the front
};

/// How much of a Receive Maximum the peer has used up on one network connection. [MQTT-5 4.9]
class receive_quota {
public:
    /// A 3.x peer was never told a limit, so none but that of the identifiers is held against it.
    bool is_used_up(version v, std::uint16_t maximum) const noexcept {
        return std::uint32_t{unacknowledged_} + unreleased_ >= (v == version::v5 ? maximum : 65535);
    }
    void came() noexcept { ++unacknowledged_; }
    /// PUBACK or PUBREC left; `stays`: it counts until PUBREL.
    void acknowledged(bool stays) noexcept {
        if (unacknowledged_ > 0) --unacknowledged_;
        if (stays) ++unreleased_;
    }
    void released() noexcept {
        if (unreleased_ > 0) --unreleased_;
    }
    /// QoS 1 and 2 that wait for PUBACK or PUBREC.
    std::uint16_t unacknowledged() const noexcept { return unacknowledged_; }

private:
    std::uint16_t unacknowledged_ = 0;
    std::uint16_t unreleased_ = 0;  // QoS 2 after our PUBREC, before PUBREL
};

/// The two windows of a session, which outlive its connections.
struct flows {
    send_window sending;
    receive_window receiving;
};

}  // namespace nightjar::mqtt
