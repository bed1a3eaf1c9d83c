#pragma once
// Which reason code may stand in which packet of 5.0. [MQTT-5 2.4, table 2-6]

#include <nightjar/mqtt/types.hpp>

namespace nightjar::mqtt {

/// False for packets that have no reason code, too.
bool is_code_of(packet_type type, std::uint8_t code) noexcept;

}  // namespace nightjar::mqtt
