#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

/// Nothing, the code, or the code and the list. [MQTT-5 3.14.2.1, 3.14.2.2.1]
std::size_t body_size(const disconnect& p, version v) noexcept {
    if (v != version::v5) return 0;
    if (!p.props.empty()) return 1 + list_size(p.props);
    return p.code == reason::normal_disconnection ? 0 : 1;
}

/// Nothing, or both. [MQTT-5 3.15.2.1]
std::size_t body_size(const auth& p) noexcept {
    return p.code == reason::success && p.props.empty() ? 0 : 1 + list_size(p.props);
}

/// Writes what fits into `body`.
template <class Packet>
bool put_farewell(const Packet& p, byte first, std::size_t body, output& out) noexcept {
    return put_packet(out, first, body, [&](writer& to) {
        if (body > 0) to.u8(static_cast<byte>(p.code));
        if (body > 1) put_list(to, p.props);
    });
}

}  // namespace

std::size_t size_of(const disconnect& p, version v) noexcept {
    return packet_size(body_size(p, v));
}
std::size_t size_of(const auth& p) noexcept { return packet_size(body_size(p)); }

bool encode(const disconnect& p, version v, output& out) noexcept {
    return put_farewell(p, first_byte(packet_type::disconnect), body_size(p, v), out);
}

bool encode(const auth& p, output& out) noexcept {
    return put_farewell(p, first_byte(packet_type::auth), body_size(p), out);
}

}  // namespace nightjar::mqtt
