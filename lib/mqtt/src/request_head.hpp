#pragma once
// What SUBSCRIBE, UNSUBSCRIBE and their answers begin with: the packet identifier, in 5.0 a
// property list.

#include <nightjar/mqtt/decode.hpp>

namespace nightjar::mqtt {

/// Drops the head from `rest`.
refusal read_request_head(bytes_view& rest, version v, property_place place, const limits& max,
                          packet_id& id, properties& props) noexcept;

}  // namespace nightjar::mqtt
