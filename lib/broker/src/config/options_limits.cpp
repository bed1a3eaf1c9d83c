#include <array>

#include "field.hpp"

// How much of everything.

namespace nightjar::broker::config {

namespace {

constexpr std::int64_t payload_max =
    268'435'455;  // [MQTT-5 1.5.5]: what a Remaining Length can say
constexpr std::int64_t packet_max = payload_max + 5;  // and the fixed header before it
constexpr std::int64_t bytes_max = std::int64_t{1} << 50;
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
    lenient_number<&broker_config::max_inflight_messages>(
        "max_inflight_messages", 0, 65535,
        "How many QoS 1 and 2 messages may be unacknowledged to one client; 0 for as many as the "
        "client takes."),
    lenient_number<&broker_config::max_queued_messages>(
        "max_queued_messages", 0, 2'147'483'647,
        "How many messages wait for one client beyond those in flight; 0 for no limit."),
    lenient_number<&broker_config::max_queued_bytes>(
        "max_queued_bytes", 0, bytes_max,
        "How many bytes of messages wait for one client; 0 for no limit."),
    lenient_number<&broker_config::max_inflight_bytes>(
        "max_inflight_bytes", 0, bytes_max,
        "How many bytes of payload may be unacknowledged to one client; a larger message goes "
        "alone. 0 for no limit."),
    lenient_number<&broker_config::global_max_clients>(
        "global_max_clients", -1, 1'000'000'000,
        "How many sessions there may be in all, with and without a connection; further clients "
        "are refused. -1 for no limit."),
    lenient_number<&broker_config::global_max_connections>(
        "global_max_connections", -1, 1'000'000'000,
        "How many clients may be connected in all; further connections are closed. -1 for no "
        "limit."),
    number<&broker_config::memory_limit>(
        "memory_limit", 0, bytes_max,
        "Bytes of memory beyond which messages are refused and their publishers told; 0 for no "
        "limit."),
    number<&broker_config::max_subscriptions_per_client>(
        "max_subscriptions_per_client", 0, 1'000'000'000,
        "How many subscriptions one session may hold; further ones are refused in SUBACK. 0 for "
        "no limit. Nightjar's own."),
    number<&broker_config::max_topic_levels>(
        "max_topic_levels", 0, 65535,
        "How many levels a topic or a filter may have; a client that sends more is disconnected. "
        "0 for no limit. Nightjar's own; Mosquitto's limit is 200."),
    number<&broker_config::max_retained_messages>(
        "max_retained_messages", 0, 1'000'000'000,
        "How many retained messages of clients are kept in all; messages for further topics are "
        "delivered, but not retained. 0 for no limit. Nightjar's own."),
    number<&broker_config::retain_expiry_interval>(
        "retain_expiry_interval", 0, 1'000'000,
        "Minutes between the times when retained messages that have expired are cleared away. 0 "
        "clears them within ten seconds; nobody gets an expired one either way."),
    text<&broker_config::clientid_prefixes>("clientid_prefixes", "a PREFIX", 1024,
                                            "Only clients whose id begins with this are let in."),
    span<&broker_config::persistent_client_expiration>(
        "persistent_client_expiration", 1, century_s,
        "How long the session of a client that is away is kept at most. For ever by default."),
});

}  // namespace

std::span<const option> limit_options() { return rows; }

}  // namespace nightjar::broker::config
