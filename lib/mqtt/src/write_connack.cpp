#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

std::size_t body_size(const connack& p, version v) noexcept { return 2 + list_size(p.props, v); }

}  // namespace

std::size_t size_of(const connack& p, version v) noexcept { return packet_size(body_size(p, v)); }

bool encode(const connack& p, version v, output& out) noexcept {
    return put_packet(out, first_byte(packet_type::connack), body_size(p, v), [&](writer& to) {
        to.u8(p.session_present && v != version::v3_1);
        to.u8(v == version::v5 ? static_cast<byte>(p.code) : connect_return_code(p.code));
        put_list(to, p.props, v);
    });
}

}  // namespace nightjar::mqtt
