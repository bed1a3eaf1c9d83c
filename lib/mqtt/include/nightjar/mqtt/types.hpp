#pragma once
// The standard's numbers by their names: versions, packet types, QoS, reason codes. Nothing here
// has behaviour.

#include <cstdint>
#include <string_view>

namespace nightjar::mqtt {

/// The protocol level byte of CONNECT. [MQTT-5 3.1.2.2]
enum class version : std::uint8_t { v3_1 = 3, v3_1_1 = 4, v5 = 5 };

/// [MQTT-5 4.3]
enum class qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// [MQTT-5 2.1.2]
enum class packet_type : std::uint8_t {
    connect = 1,
    connack = 2,
    publish = 3,
    puback = 4,
    pubrec = 5,
    pubrel = 6,
    pubcomp = 7,
    subscribe = 8,
    suback = 9,
    unsubscribe = 10,
    unsuback = 11,
    pingreq = 12,
    pingresp = 13,
    disconnect = 14,
    auth = 15,
};

/// [MQTT-5 2.4]. The codes of 5.0; for 3.1 and 3.1.1 the encoder translates where a counterpart
/// exists.
enum class reason : std::uint8_t {
    success = 0x00,
    normal_disconnection = 0x00,
    granted_qos_0 = 0x00,
    granted_qos_1 = 0x01,
    granted_qos_2 = 0x02,
    disconnect_with_will = 0x04,
    no_matching_subscribers = 0x10,
    no_subscription_existed = 0x11,
    continue_authentication = 0x18,
    re_authenticate = 0x19,
    unspecified_error = 0x80,
    malformed_packet = 0x81,
    protocol_error = 0x82,
    implementation_specific_error = 0x83,
    unsupported_protocol_version = 0x84,
    client_identifier_not_valid = 0x85,
    bad_user_name_or_password = 0x86,
    not_authorized = 0x87,
    server_unavailable = 0x88,
    server_busy = 0x89,
    banned = 0x8A,
    server_shutting_down = 0x8B,
    bad_authentication_method = 0x8C,
    keep_alive_timeout = 0x8D,
    session_taken_over = 0x8E,
    topic_filter_invalid = 0x8F,
    topic_name_invalid = 0x90,
    packet_identifier_in_use = 0x91,
    packet_identifier_not_found = 0x92,
    receive_maximum_exceeded = 0x93,
    topic_alias_invalid = 0x94,
    packet_too_large = 0x95,
    message_rate_too_high = 0x96,
    quota_exceeded = 0x97,
    administrative_action = 0x98,
    payload_format_invalid = 0x99,
    retain_not_supported = 0x9A,
    qos_not_supported = 0x9B,
    use_another_server = 0x9C,
    server_moved = 0x9D,
    shared_subscriptions_not_supported = 0x9E,
    connection_rate_exceeded = 0x9F,
    maximum_connect_time = 0xA0,
    subscription_identifiers_not_supported = 0xA1,
    wildcard_subscriptions_not_supported = 0xA2,
};

/// From 0x80 on a code says that the operation failed. [MQTT-5 2.4]
constexpr bool is_failure(reason code) noexcept { return static_cast<std::uint8_t>(code) >= 0x80; }

/// The standard's name in lower case, e.g. "not authorized". Static storage; "unknown reason" for
/// other numbers.
std::string_view describe(reason code) noexcept;

/// "CONNECT", "PUBLISH", …
std::string_view describe(packet_type type) noexcept;

/// The return code that 3.1 and 3.1.1 have for this refusal of a CONNECT; 3 (server unavailable)
/// where they have none of their own. [MQTT-3.1.1 3.2.2.3]
std::uint8_t connect_return_code(reason code) noexcept;
/// Whether one of those return codes says it. Otherwise a server of theirs closes without CONNACK.
/// [MQTT-3.1.1 3.2.2-6]
bool has_connect_return_code(reason code) noexcept;

/// Limits of one receiver. Reaching one is a normal result with the standard's own reason code.
struct limits {
    std::uint32_t packet_max =
        268'435'460;  ///< Whole packet in bytes, fixed header included. [MQTT-5 3.1.2.11.4]
    std::uint16_t topic_levels_max = 200;  ///< Levels of a topic name or filter.
    std::uint16_t topic_bytes_max = 65535;
    std::uint16_t user_properties_max = 256;  ///< Per packet.
};

}  // namespace nightjar::mqtt
