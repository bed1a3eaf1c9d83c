#include "request_head.hpp"

#include <nightjar/base/reader.hpp>

namespace nightjar::mqtt {

refusal read_request_head(bytes_view& rest, version v, property_place place, const limits& max,
                          packet_id& id, properties& props) noexcept {
    reader in{rest};
    id = in.u16();
    props = {};
    if (!in.ok()) return reason::malformed_packet;
    if (id == 0) return reason::protocol_error;
    rest = in.rest();
    return v == version::v5 ? read_properties(rest, place, max, props) : refusal{};
}

}  // namespace nightjar::mqtt
