#include <nightjar/mqtt/encode.hpp>

#include "size.hpp"

namespace nightjar::mqtt {
namespace {

/// Hands a packet of any type to its own function; the ones of a single version or none do not ask
/// for it.
struct writer_of {
    version v;
    output& out;

    bool operator()(const connect& p) const noexcept { return encode(p, out); }
    bool operator()(const auth& p) const noexcept { return encode(p, out); }
    bool operator()(pingreq p) const noexcept { return encode(p, out); }
    bool operator()(pingresp p) const noexcept { return encode(p, out); }
    template <class Packet>
    bool operator()(const Packet& p) const noexcept {
        return encode(p, v, out);
    }
};

}  // namespace

bool encode(pingreq, output& out) noexcept {
    return put_packet(out, first_byte(packet_type::pingreq), 0, [](writer&) {});
}

bool encode(pingresp, output& out) noexcept {
    return put_packet(out, first_byte(packet_type::pingresp), 0, [](writer&) {});
}

bool encode(const packet& p, version v, output& out) noexcept {
    return std::visit(writer_of{v, out}, p);
}

}  // namespace nightjar::mqtt
