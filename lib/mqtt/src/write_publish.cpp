#include <nightjar/mqtt/encode.hpp>

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

void put_head(writer& out, const publish& p, version v) noexcept {
    put_text(out, p.topic);
    if (p.level != qos::at_most_once) out.u16(p.id);
    put_list(out, p.props, v);
}

}  // namespace

std::size_t size_of(const publish& p, version v) noexcept { return packet_size(body_size(p, v)); }

bool encode(const publish& p, version v, output& out) noexcept {
    return put_packet(out, first_byte_of(p), body_size(p, v), [&](writer& to) {
        put_head(to, p, v);
        to.put(p.payload);
    });
}

publish_head encode_head(const publish& p, version v, bytes room) noexcept {
    const std::size_t body = body_size(p, v);
    if (body > var_int_max) return {};
    writer to{room};
    to.u8(first_byte_of(p));
    put_var_int(to, static_cast<std::uint32_t>(body));
    put_head(to, p, v);
    if (!to.ok()) return {};
    const std::size_t id = 1 + var_int_size(body) + 2 + p.topic.size();
    return {to.written().size(), p.level == qos::at_most_once ? 0 : id};
}

}  // namespace nightjar::mqtt
