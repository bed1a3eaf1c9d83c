#include <nightjar/mqtt/encode.hpp>

#include "pen.hpp"
#include "size.hpp"

namespace nightjar::mqtt {
namespace {

byte first_byte_of(const publish& p) noexcept {
    const unsigned flags =
        (p.dup ? 8u : 0u) | static_cast<unsigned>(p.level) << 1 | (p.retain ? 1u : 0u);
    return first_byte(packet_type::publish, flags);
}

std::size_t head_size(const publish& p, version v) noexcept {
    return field_size(p.topic.size()) + (p.level == qos::at_most_once ? 0 : 2) +
           list_size(p.props, v);
}

std::size_t body_size(const publish& p, version v) noexcept {
    return head_size(p, v) + tail_size(p.payload);
}

/// Everything but the payload. Promise: `to` has room for it.
void put_head(pen& to, const publish& p, version v, std::size_t body) noexcept {
    to.u8(first_byte_of(p));
    to.var_int(static_cast<std::uint32_t>(body));
    to.u16(static_cast<std::uint16_t>(p.topic.size()));
    to.put(as_bytes(p.topic));
    if (p.level != qos::at_most_once) to.u16(p.id);
    if (v != version::v5) return;
    to.var_int(static_cast<std::uint32_t>(p.props.raw().size()));
    to.put(p.props.raw());
}

}  // namespace

std::size_t size_of(const publish& p, version v) noexcept { return packet_size(body_size(p, v)); }

bool encode(const publish& p, version v, output& out) noexcept {
    const std::size_t body = body_size(p, v);
    if (body > var_int_max) [[unlikely]]
        return false;
    const std::size_t size = packet_size(body);
    const bytes room = out.reserve(size);
    if (room.empty()) [[unlikely]]
        return false;
    pen to{room.data()};
    put_head(to, p, v, body);
    to.put(p.payload);
    out.commit(size);
    return true;
}

publish_head encode_head(const publish& p, version v, bytes room) noexcept {
    const std::size_t head = head_size(p, v);
    const std::size_t body = head + tail_size(p.payload);
    if (body > var_int_max) return {};
    const std::size_t front = 1 + var_int_size(body);
    if (front + head > room.size()) return {};
    pen to{room.data()};
    put_head(to, p, v, body);
    return {front + head, p.level == qos::at_most_once ? 0 : front + 2 + p.topic.size()};
}

}  // namespace nightjar::mqtt
