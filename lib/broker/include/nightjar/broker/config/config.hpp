#pragma once
// What a broker is told before it starts, as plain values. Nothing here reads a file, checks a
// limit or knows a default of the operating system; `load.hpp` makes these values from
// mosquitto.conf's syntax.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nightjar::broker {

/// Who may come in, per listener. In a loaded configuration it is resolved: nothing is inherited
/// any more.
struct security_config {
    bool allow_anonymous = false;  ///< A CONNECT without a user name is welcome.
    bool allow_zero_length_clientid =
        true;  ///< An empty client id gets one made up. [MQTT-5 3.1.3.1]
    std::string auto_id_prefix = "auto-";  ///< What a made-up client id starts with.

    friend bool operator==(const security_config&, const security_config&) = default;
};

/// One door: a TCP port, or a Unix socket.
struct listener_config {
    enum class domain_kind : std::uint8_t { any, ipv4, ipv6 };
    enum class protocol_kind : std::uint8_t { mqtt };
    /// What happens to a message for a subscriber that has reached one of its limits.
    enum class slow_policy : std::uint8_t { drop_newest, drop_oldest, disconnect };
    /// Bits of `versions`.
    enum version : std::uint8_t { v3_1 = 1, v3_1_1 = 2, v5 = 4, all_versions = 7 };

    /// Whether a CONNECT with that Protocol Version byte is welcome. [MQTT-5 3.1.2.2]
    bool accepts(unsigned protocol_version) const noexcept {
        return protocol_version >= 3 && protocol_version <= 5 &&
               (versions >> (protocol_version - 3) & 1U) != 0;
    }

    std::uint16_t port = 1883;  ///< 0: a Unix socket at `unix_path`.
    std::string address;        ///< Address or host name to bind; empty: every interface.
    std::string unix_path;      ///< Only with port 0.
    std::string interface;      ///< Binds this device's addresses instead of `address`.
    domain_kind socket_domain = domain_kind::any;
    protocol_kind protocol = protocol_kind::mqtt;
    std::int32_t max_connections = -1;         ///< -1: no limit of its own.
    std::uint32_t max_connect_rate = 0;        ///< New connections within a second; 0: no limit.
    std::chrono::seconds connect_timeout{20};  ///< From the connection to the whole CONNECT.
    std::uint8_t versions = all_versions;
    std::uint8_t max_qos = 2;                   ///< Announced as Maximum QoS. [MQTT-5 3.2.2.3.4]
    std::uint16_t max_topic_alias = 10;         ///< From a client. [MQTT-5 3.2.2.3.8]
    std::uint16_t max_topic_alias_broker = 10;  ///< To a client, at most what it takes.
    std::string mount_point;  ///< Stands before each topic of this listener's clients.
    bool use_username_as_clientid = false;
    slow_policy slow_subscriber_policy = slow_policy::drop_newest;
    /// Bytes waiting to be sent on one connection, beyond one packet of the largest size.
    std::uint32_t max_outgoing_buffer_bytes = 16 * 1024 * 1024;
    security_config security;

    friend bool operator==(const listener_config&, const listener_config&) = default;
};

/// Where the log goes and what is in it.
struct log_config {
    /// The kinds of lines, as bits of `types`.
    enum type : std::uint32_t {
        error = 1,
        warning = 2,
        notice = 4,
        information = 8,
        subscribe = 16,
        unsubscribe = 32,
        debug = 64,
        websockets = 128,
        all = 255,
    };
    enum class format_kind : std::uint8_t { text, json };

    bool to_stdout = false;
    bool to_stderr = true;
    bool to_syslog = false;
    bool to_topic = false;  ///< Published below $SYS/broker/log/.
    std::string file;       ///< Empty: no file.
    std::uint32_t types = error | warning | notice | information;
    bool timestamp = true;
    std::string timestamp_format;  ///< As for strftime; empty: seconds since 1970.
    format_kind format = format_kind::text;
    std::int8_t facility = -1;        ///< syslog's local0 to local7; -1: daemon.
    bool connection_messages = true;  ///< Lines for clients that come and go.

    friend bool operator==(const log_config&, const log_config&) = default;
};

/// Which CPUs the workers stay on.
struct affinity_config {
    bool pin = false;                 ///< Each worker to one CPU.
    std::vector<std::uint16_t> cpus;  ///< In turn; empty: those that the process may use.

    friend bool operator==(const affinity_config&, const affinity_config&) = default;
};

/// The whole of it.
struct broker_config {
    enum class engine_kind : std::uint8_t { automatic, epoll, io_uring, libuv, libevent };

    /// Never empty in a loaded configuration.
    std::vector<listener_config> listeners;

    /// No listener was named: `listeners` are the loopback addresses, one each for IPv4 and IPv6. A
    /// machine without one of the two may leave that one out.
    bool loopback_only = false;

    std::uint32_t max_packet_size =
        2'000'000;                         ///< Bytes, fixed header included. [MQTT-5 3.2.2.3.6]
    std::uint32_t message_size_limit = 0;  ///< Bytes of payload; 0: only max_packet_size.
    std::uint16_t max_keepalive = 0;       ///< Seconds; 0: whatever the client asks for.
    std::uint16_t max_inflight_messages =
        20;  ///< Unacknowledged to one client; 0: as many as it takes.
    std::uint64_t max_inflight_bytes = 0;      ///< Of these, payload; 0: no limit.
    std::uint32_t max_queued_messages = 1000;  ///< Waiting for one client; 0: no limit.
    std::uint64_t max_queued_bytes = 0;        ///< Waiting for one client; 0: no limit.
    std::int32_t global_max_clients = -1;      ///< Sessions, connected or not; -1: no limit.
    std::int32_t global_max_connections = -1;  ///< Connected clients; -1: no limit.
    std::uint64_t memory_limit = 0;            ///< Bytes of heap; 0: no limit.
    std::uint32_t max_subscriptions_per_client = 100'000;  ///< 0: no limit.
    std::uint16_t max_topic_levels = 200;  ///< Levels of a topic or filter; 0: no limit.
    std::uint32_t max_retained_messages = 10'000'000;  ///< 0: no limit.
    std::string clientid_prefixes;         ///< A client id that begins otherwise is refused.
    bool allow_duplicate_messages = true;  ///< They may; there is one copy either way.
    bool check_retain_source = true;       ///< Whoever retained a message must still be allowed to.
    bool queue_qos0_messages = false;
    bool upgrade_outgoing_qos = false;
    bool retain_available = true;
    bool set_tcp_nodelay = true;
    std::chrono::minutes retain_expiry_interval{0};        ///< 0: as soon as it is due.
    std::chrono::seconds persistent_client_expiration{0};  ///< 0: a session may wait for ever.
    std::chrono::seconds sys_interval{10};                 ///< 0: no $SYS topics.
    std::string pid_file;                                  ///< Empty: none.
    std::string user;           ///< Whom to become when started by root; empty: nobody else.
    std::uint16_t workers = 0;  ///< Threads; 0: one per core.
    affinity_config affinity;
    engine_kind engine = engine_kind::automatic;
    log_config log;

    friend bool operator==(const broker_config&, const broker_config&) = default;
};

}  // namespace nightjar::broker
