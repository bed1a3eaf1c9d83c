#pragma once
// What the server's reasons say about trying again.

#include <nightjar/mqtt/types.hpp>

namespace nightjar::client {

/// The server sends its clients to another one. [MQTT-5 4.11]
inline bool is_elsewhere(mqtt::reason code) noexcept {
    return code == mqtt::reason::use_another_server || code == mqtt::reason::server_moved;
}

/// Whether the same CONNECT may fare better later. [MQTT-5 3.2.2.2]
inline bool is_passing(mqtt::reason refusal) noexcept {
    using enum mqtt::reason;
    return refusal == server_unavailable || refusal == server_busy || refusal == quota_exceeded ||
           refusal == connection_rate_exceeded || refusal == unspecified_error ||
           refusal == implementation_specific_error;
}

/// Whether to come back after the server's DISCONNECT. Taken over: the other client has our name,
/// and two that both come back would throw each other out for ever.
inline bool is_welcome(mqtt::reason code) noexcept {
    using enum mqtt::reason;
    return code != session_taken_over && code != not_authorized && code != administrative_action &&
           !is_elsewhere(code) && code != banned;
}

}  // namespace nightjar::client
