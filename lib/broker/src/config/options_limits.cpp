#include <array>

#include "field.hpp"

// How much of everything.

namespace nightjar::broker::config {

namespace {

constexpr std::int64_t payload_max =
    268'435'455;  // [MQTT-5 1.5.5]: what a Remaining Length can say
constexpr std::int64_t packet_max = payload_max + 5;  // and the fixed header before it
constexpr std::int64_t queue_bytes_max = std::int64_t{1} << 50;
constexpr std::int64_t century_s = std::int64_t{100} * 365 * 86400;

constexpr auto rows = std::to_array<option>({
    number<&broker_config::max_packet_size>(
        "max_packet_size", 20, packet_max,
        "Bytes of the largest packet that is accepted; MQTT 5 clients are told. A client that "
        "sends more is disconnected."),
    number<&broker_config::message_size_limit>(
        "message_size_limit", 0, payload_max,
        "Bytes of the largest payload that is accepted; 0 for no limit beside max_packet_size, "
        "which is the better choice."),
    number<&broker_config::max_keepalive>("max_keepalive", 0, 65535,
                                          "Seconds of the longest keep-alive; MQTT 5 clients that "
                                          "ask for more are given this. 0 for no limit."),
    number<&broker_config::max_inflight_messages>(
        "max_inflight_messages", 0, 65535,
        "How many QoS 1 and 2 messages may be unacknowledged to one client; 0 for as many as the "
        "client takes."),
    number<&broker_config::max_queued_messages>(
        "max_queued_messages", 0, 2'147'483'647,
        "How many messages wait for one client beyond those in flight; 0 for no limit."),
    number<&broker_config::max_queued_bytes>(
        "max_queued_bytes", 0, queue_bytes_max,
        "How many bytes of messages wait for one client; 0 for no limit."),
    span<&broker_config::persistent_client_expiration>(
        "persistent_client_expiration", 1, century_s,
        "How long the session of a client that is away is kept at most. For ever by default."),
});

}  // namespace

std::span<const option> limit_options() { return rows; }

}  // namespace nightjar::broker::config
