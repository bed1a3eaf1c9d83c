#pragma once
// What a client is told before it connects, as values that own what they hold.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/mqtt/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::client {

/// The message that the server publishes when it loses the client. [MQTT-5 3.1.2.5]
struct will_message {
    std::string topic;
    std::string payload;
    mqtt::qos level{};
    bool retain = false;
    /// As property_list makes them, e.g. will_delay_interval; 5.0 only. [MQTT-5 3.1.3.2]
    std::vector<byte> properties;
};

/// When and how often a lost connection is tried again. The n-th attempt in a row waits for
/// something between a half and the whole of `first` * 2^n, at most `longest`; a connection that
/// lasted longer than the wait before it begins the row anew.
struct reconnection {
    bool is_on = true;
    duration first = 1s;
    duration longest = 60s;
    /// Of the jitter. None: from the operating system, so that a thousand clients spread.
    std::optional<std::uint64_t> seed;
};

/// What happens to a message that finds the queue full.
enum class when_full : std::uint8_t {
    refuse,       ///< publish() answers `no_room`; on_room says when to go on.
    drop_oldest,  ///< The oldest message that waits is dropped and told to on_dropped.
    drop_newest   ///< The message itself: told to on_dropped before publish() returns its ticket.
};

/// The queue of what cannot be sent now: no connection, or the server's window is used up. A
/// message whose Message Expiry Interval runs out here is dropped (`timed_out`); what is sent later
/// carries what is left of it.
struct queueing {
    std::size_t messages_max = 10'000;
    std::size_t bytes_max = 64 * 1024 * 1024;  ///< Topic, properties and payload.
    when_full policy = when_full::refuse;
    bool keeps_qos_0 = true;  ///< Without a connection; else publish() answers `no_room`.
    /// SUBSCRIBE and UNSUBSCRIBE without an answer; beyond: `no_room`.
    std::size_t requests_max = 1024;
    /// Filters that are remembered, to subscribe again; beyond: subscribe() answers `no_room`.
    std::size_t subscriptions_max = 100'000;
    /// Responses that request() waits for at a time; beyond: `no_room`.
    std::size_t responses_max = 1024;
};

/// Where a broker listens.
struct place {
    std::string host;  ///< A name or an address.
    std::uint16_t port = 1883;
};

/// What happens to messages in flight when the server comes back without the session. The standard
/// lets go of them; an application that wants at least once does not. [MQTT-5 4.1]
enum class lost_session : std::uint8_t {
    resend,  ///< Sent again as new messages: one at QoS 2 may then arrive twice.
    drop     ///< Each is told to on_dropped.
};

struct options {
    std::string host = "localhost";  ///< A name or an address.
    std::uint16_t port = 1883;
    std::string unix_path;  ///< A Unix socket instead of host and port.
    /// Further brokers, tried in turn and at once where the one before cannot be had; after a whole
    /// round the client waits as `again` says. A connection that was lost is first tried where it
    /// was.
    std::vector<place> others;
    bool no_delay = true;
    duration connect_within = 30s;  ///< Until the transport is connected.
    duration answer_within = 30s;   ///< For CONNACK and PINGRESP.

    mqtt::version version = mqtt::version::v5;
    /// Empty: the server's choice, which reconnecting keeps to; in 3.1, which knows none, a made-up
    /// one. Needed in 3.x where `clean_start` is false. [MQTT-5 3.1.3.1]
    std::string client_id;
    /// Of the first connection of connect(). Those after it go on with the session where the
    /// version and `session_expiry_s` let one outlive a connection.
    bool clean_start = true;
    std::uint16_t keep_alive_s = 60;
    std::optional<std::uint32_t> session_expiry_s;  ///< 5.0 only. [MQTT-5 3.1.2.11.2]
    std::optional<std::string> user_name;
    std::optional<std::string> password;
    std::optional<will_message> will;
    /// Further properties of CONNECT; they win over those that the client adds itself.
    std::vector<byte> properties;

    std::uint16_t in_flight_max = 256;  ///< QoS 1 and 2 to the server, unfinished.
    std::uint16_t receive_maximum =
        1024;  ///< QoS 2 from the server, unfinished. [MQTT-5 3.1.2.11.3]
    std::uint16_t topic_alias_maximum = 0;  ///< Aliases that the server may use.
    /// Aliases that the client makes by itself, for the first topics of a connection and within the
    /// server's maximum; publish() then takes no message with an alias of its own.
    /// [MQTT-5 3.3.2.3.4]
    std::uint16_t own_topic_aliases_max = 0;
    mqtt::limits in;  ///< Of what the server sends.

    reconnection again;
    queueing queue;
    lost_session on_lost_session = lost_session::resend;
    /// Subscribes again what was subscribed where the server comes back without the session.
    bool resubscribes = true;
    /// Where request() wants its answers; empty: the server's response information, or
    /// "nightjar/response", and a name that is drawn. [MQTT-5 4.10]
    std::string response_topic;
};

}  // namespace nightjar::client
