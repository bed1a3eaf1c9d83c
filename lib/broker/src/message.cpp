#include "message.hpp"

#include <nightjar/mqtt/encode.hpp>

#include "heap.hpp"

namespace nightjar::broker {
namespace {

/// The front of a message's blob; topic, properties and payload follow in this order.
struct stored {
    session_serial publisher;
    instant accepted;
    instant expires;
    std::uint32_t topic_size;
    std::uint32_t props_size;
    std::uint16_t worker;
    mqtt::qos level;
    bool retain;
};

mqtt::publish packet_of(const message_view& what, mqtt::properties props,
                        const stamp& on) noexcept {
    return {.topic = what.topic,
            .payload = what.payload,
            .props = props,
            .id = on.id,
            .level = on.level,
            .retain = on.retain,
            .dup = on.dup};
}

byte first_byte(const stamp& on) noexcept {
    return static_cast<byte>(0x30 | (on.dup ? 8 : 0) | static_cast<byte>(on.level) << 1 |
                             (on.retain ? 1 : 0));
}

}  // namespace

std::size_t stored_size(const message_view& what) noexcept {
    return sizeof(stored) + what.topic.size() + what.props.raw().size() + what.payload.size();
}

void store(const message_view& what, bytes room) noexcept {
    const bytes_view topic = as_bytes(what.topic);
    const bytes_view props = what.props.raw();
    const stored front{.publisher = what.publisher,
                       .accepted = what.accepted,
                       .expires = what.expires,
                       .topic_size = static_cast<std::uint32_t>(topic.size()),
                       .props_size = static_cast<std::uint32_t>(props.size()),
                       .worker = what.worker,
                       .level = what.level,
                       .retain = what.retain};
    std::memcpy(room.data(), &front, sizeof front);
    room = copy(topic, room.subspan(sizeof front));
    room = copy(props, room);
    copy(what.payload, room);
}

message_view stored_message(bytes_view from) noexcept {
    stored front;
    std::memcpy(&front, from.data(), sizeof front);
    bytes_view rest = from.subspan(sizeof front);
    message_view seen;
    seen.topic = as_text(rest.first(front.topic_size));
    rest = rest.subspan(front.topic_size);
    seen.props = mqtt::properties{rest.first(front.props_size)};
    seen.payload = rest.subspan(front.props_size);
    seen.level = front.level;
    seen.retain = front.retain;
    seen.publisher = front.publisher;
    seen.accepted = front.accepted;
    seen.expires = front.expires;
    seen.worker = front.worker;
    return seen;
}

message message::copy_of(const message_view& what) noexcept {
    message made;
    made.blob_ = make_blob(stored_size(what), heap);
    if (made.blob_) store(what, made.blob_.fill());
    return made;
}

message_view message::view() const noexcept { return stored_message(blob_.view()); }

const message& outgoing::own() noexcept {
    if (!own_) {
        own_ = message::copy_of(view_);
        if (own_) view_ = own_.view();  // from here on nothing depends on the publisher's packet
    }
    return own_;
}

const outgoing::form* outgoing::as(mqtt::version version, bool has_id) noexcept {
    const std::size_t which = (version == mqtt::version::v5 ? 2U : 0U) + (has_id ? 1U : 0U);
    form& wanted = forms_[which];
    if (!wanted.is_made && !make(wanted, version, has_id, which)) return nullptr;
    return &wanted;
}

bool outgoing::make(form& target, mqtt::version version, bool has_id, std::size_t which) noexcept {
    const bool by_reference = view_.payload.size() >= by_reference_from;
    if (by_reference && !own()) return false;
    const stamp blank{.level = has_id ? mqtt::qos::at_least_once : mqtt::qos::at_most_once,
                      .id = has_id};
    const mqtt::publish packet = packet_of(view_, view_.props, blank);
    const std::size_t size = mqtt::size_of(packet, version);
    const std::size_t front = size - view_.payload.size();
    const std::size_t room_needed = by_reference ? front : size;
    bytes room{small_[which]};
    if (room_needed > room.size()) {
        large_[which] = make_blob(room_needed, heap);
        if (!large_[which]) return false;
        room = large_[which].fill();
    }
    const mqtt::publish_head made = mqtt::encode_head(packet, version, room);
    if (made.size == 0) return false;
    if (!by_reference) copy(view_.payload, room.subspan(made.size));
    target = {room.first(room_needed), made.id_offset, size, by_reference, true};
    return true;
}

bool put(io::outbox& out, const outgoing::form& what, const message& whole,
         const stamp& on) noexcept {
    if (what.by_reference && out.bytes() + what.size > out.max()) return false;
    const bytes room = out.reserve(what.head.size());
    if (room.empty()) return false;
    copy(what.head, room);
    room[0] = first_byte(on);
    if (what.id_offset != 0) {
        room[what.id_offset] = static_cast<byte>(on.id >> 8);
        room[what.id_offset + 1] = static_cast<byte>(on.id);
    }
    out.commit(what.head.size());
    return !what.by_reference || out.put_shared(whole.memory(), whole.view().payload);
}

bool put_alone(io::outbox& out, const message_view& what, mqtt::properties props,
               mqtt::version version, const stamp& on, const message* whole) noexcept {
    const mqtt::publish packet = packet_of(what, props, on);
    if (!whole) return mqtt::encode(packet, version, out);
    const std::size_t size = mqtt::size_of(packet, version);
    if (out.bytes() + size > out.max()) return false;
    const bytes room = out.reserve(size - what.payload.size());
    if (room.empty() || mqtt::encode_head(packet, version, room).size == 0) return false;
    out.commit(size - what.payload.size());
    return out.put_shared(whole->memory(), what.payload);
}

}  // namespace nightjar::broker
