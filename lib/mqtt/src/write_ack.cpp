#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

/// Identifier alone where the code is success and there are no properties; then with the code; then
/// with both. [MQTT-5 3.4.2.1, 3.4.2.2.1]
template <packet_type Type>
bool put_ack(const ack<Type>& p, version v, output& out) noexcept {
    const bool has_list = v == version::v5 && !p.props.empty();
    const bool has_code = v == version::v5 && (has_list || p.code != reason::success);
    const std::size_t body = 2 + (has_code ? 1 : 0) + (has_list ? list_size(p.props) : 0);
    const byte first = first_byte(Type, Type == packet_type::pubrel ? request_flags : 0);
    return put_packet(out, first, body, [&](writer& to) {
        to.u16(p.id);
        if (has_code) to.u8(static_cast<byte>(p.code));
        if (has_list) put_list(to, p.props);
    });
}

}  // namespace

bool encode(const puback& p, version v, output& out) noexcept { return put_ack(p, v, out); }
bool encode(const pubrec& p, version v, output& out) noexcept { return put_ack(p, v, out); }
bool encode(const pubrel& p, version v, output& out) noexcept { return put_ack(p, v, out); }
bool encode(const pubcomp& p, version v, output& out) noexcept { return put_ack(p, v, out); }

}  // namespace nightjar::mqtt
