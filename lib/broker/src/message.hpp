#pragma once
// A published message: as it lies in its publisher's packet (message_view), as one shared
// allocation (message), and in the forms that subscribers get it in (forms). The payload is copied
// once, and only if somebody keeps it.

#include <nightjar/base/blob.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/io/outbox.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <array>

namespace nightjar::broker {

/// A session's name that is never used twice: the worker's number and a count. 0: the broker
/// itself.
using session_serial = std::uint64_t;

/// What a publisher sent. Borrows from its packet.
struct message_view {
    std::string_view topic{};
    bytes_view payload{};
    mqtt::properties props{};  ///< Those that travel on to subscribers, Message Expiry Interval
                               ///< included. [MQTT-5 3.3.2.3]
    mqtt::qos level{};
    bool retain = false;
    session_serial publisher = 0;
    instant accepted{};        ///< When the broker took it.
    instant expires = never;   ///< [MQTT-5 3.3.2.3.3]
    std::uint16_t worker = 0;  ///< Which worker took it.
};

/// Bytes that a message takes where it is stored as one piece: its fields, topic, properties,
/// payload.
std::size_t stored_size(const message_view& what) noexcept;
/// Promise: `room` holds stored_size() bytes at least.
void store(const message_view& what, bytes room) noexcept;
/// What store() wrote, from exactly those bytes. Borrows them.
message_view stored_message(bytes_view from) noexcept;

/// The same, owned: an immutable blob that any number of queues, windows and workers hold.
class message {
public:
    message() noexcept = default;
    /// One allocation; null where there is no memory.
    static message copy_of(const message_view& what) noexcept;

    explicit operator bool() const noexcept { return static_cast<bool>(blob_); }
    /// Valid while any reference lives.
    message_view view() const noexcept;
    const blob_ref& memory() const noexcept { return blob_; }
    /// To call before a reference goes to another thread; see blob_ref::share.
    void share() const noexcept { blob_.share(); }

private:
    blob_ref blob_;
};

/// A message on its way out. Makes each encoded form once, on the first demand, and the shared copy
/// once, if anybody keeps it. Lives during one delivery; borrows the view's bytes.
class outgoing {
public:
    /// One shape of the packet: everything but the flags of the first byte and the packet
    /// identifier, which are patched.
    struct form {
        bytes_view head;            ///< The packet; without its payload if that is `by_reference`.
        std::size_t id_offset = 0;  ///< 0: no packet identifier.
        std::size_t size = 0;       ///< Whole packet in bytes.
        bool by_reference = false;
        bool is_made = false;
    };

    explicit outgoing(const message_view& what) noexcept : view_(what) {}
    explicit outgoing(message what) noexcept : view_(what.view()), own_(std::move(what)) {}
    /// Nobody else gets it: a form to share would be made in vain.
    void mark_single() noexcept { is_single_ = true; }
    bool is_single() const noexcept {
        return is_single_ && view_.payload.size() < by_reference_from;
    }
    outgoing(const outgoing&) = delete;
    outgoing& operator=(const outgoing&) = delete;

    const message_view& view() const noexcept { return view_; }
    /// The owned copy, made on the first call. Null where there is no memory.
    const message& own() noexcept;
    /// The owned copy if it was made already, else null.
    const message& kept() const noexcept { return own_; }
    /// Null where the packet cannot be made (larger than MQTT allows, or no memory).
    const form* as(mqtt::version version, bool has_id) noexcept;

    /// Payloads from this size on are sent from where they lie.
    static constexpr std::size_t by_reference_from = 2048;

private:
    static constexpr std::size_t small_max = by_reference_from + 256;
    bool make(form& target, mqtt::version version, bool has_id, std::size_t which) noexcept;

    message_view view_;
    message own_;
    bool is_single_ = false;
    std::array<form, 4> forms_;
    std::array<blob_ref, 4> large_;  // heads that `small_` cannot hold
    std::array<std::array<byte, small_max>, 4>
        small_;  // not initialised on purpose: written before it is read
};

/// What differs from subscriber to subscriber in the first byte and the packet identifier.
struct stamp {
    mqtt::qos level{};
    bool retain = false;
    bool dup = false;
    mqtt::packet_id id = 0;
    std::uint64_t share = 0;  ///< The shared subscription that it goes by; not on the wire.
};

/// Appends a form with its stamp. false: no room, nothing was written. `whole` owns the payload of
/// a form by reference.
[[nodiscard]] bool put(io::outbox& out, const outgoing::form& what, const message& whole,
                       const stamp& on) noexcept;

/// Appends a message that one subscriber alone gets in this shape: other properties, another topic,
/// or nobody to share a form with. Copies; with `whole`, which owns the payload, all but that.
[[nodiscard]] bool put_alone(io::outbox& out, const message_view& what, mqtt::properties props,
                             mqtt::version version, const stamp& on,
                             const message* whole = nullptr) noexcept;

}  // namespace nightjar::broker
