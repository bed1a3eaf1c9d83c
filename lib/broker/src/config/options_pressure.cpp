#include <array>

#include "field.hpp"

// What one listener's clients may ask of the broker, and what happens to those that ask for more.

namespace nightjar::broker::config {

namespace {

using policy = listener_config::slow_policy;

constexpr std::array policies{
    word{"drop_newest", static_cast<std::uint8_t>(policy::drop_newest)},
    word{"drop_oldest", static_cast<std::uint8_t>(policy::drop_oldest)},
    word{"disconnect", static_cast<std::uint8_t>(policy::disconnect)},
};

constexpr auto rows = std::to_array<option>({
    number<&listener_config::connect_timeout>(
        "connect_timeout", 1, 3600,
        "Seconds that a client has to send its CONNECT; then its connection is closed. Nightjar's "
        "own."),
    number<&listener_config::max_connect_rate>(
        "max_connect_rate", 0, 1'000'000,
        "How many new connections this listener takes within a second; further ones are closed at "
        "once. 0 for no limit. Nightjar's own."),
    number<&listener_config::max_topic_alias>(
        "max_topic_alias", 0, 65535,
        "How many topic aliases an MQTT 5 client may use; it is told. 0 for none."),
    number<&listener_config::max_topic_alias_broker>(
        "max_topic_alias_broker", 0, 65535,
        "How many topic aliases the broker uses towards an MQTT 5 client, at most as many as the "
        "client takes. 0 for none."),
    choice<&listener_config::slow_subscriber_policy, policies>(
        "slow_subscriber_policy",
        "What happens to messages for a client that is at one of its limits: the new one is "
        "dropped, as Mosquitto does, or the one that has waited longest, or the client is "
        "disconnected. Nightjar's own."),
    number<&listener_config::max_outgoing_buffer_bytes>(
        "max_outgoing_buffer_bytes", 1024, 1'073'741'824,
        "Bytes that may wait to be sent on one connection, beside one packet of the largest size; "
        "then slow_subscriber_policy decides. Nightjar's own."),
});

}  // namespace

std::span<const option> pressure_options() { return rows; }

}  // namespace nightjar::broker::config
