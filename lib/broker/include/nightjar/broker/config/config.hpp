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

    std::uint16_t port = 1883;  ///< 0: a Unix socket at `unix_path`.
    std::string address;        ///< Address or host name to bind; empty: every interface.
    std::string unix_path;      ///< Only with port 0.
    domain_kind socket_domain = domain_kind::any;
    protocol_kind protocol = protocol_kind::mqtt;
    std::int32_t max_connections = -1;  ///< -1: no limit of its own.
    std::uint8_t max_qos = 2;           ///< Announced as Maximum QoS. [MQTT-5 3.2.2.3.4]
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

    bool to_stdout = false;
    bool to_stderr = true;
    bool to_syslog = false;
    bool to_topic = false;  ///< Published below $SYS/broker/log/.
    std::string file;       ///< Empty: no file.
    std::uint32_t types = error | warning | notice | information;
    bool timestamp = true;
    std::string timestamp_format;     ///< As for strftime; empty: seconds since 1970.
    bool connection_messages = true;  ///< Lines for clients that come and go.

    friend bool operator==(const log_config&, const log_config&) = default;
};

/// The whole of it.
struct broker_config {
    enum class engine_kind : std::uint8_t { automatic, epoll, io_uring };

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
    std::uint32_t max_queued_messages = 1000;  ///< Waiting for one client; 0: no limit.
    std::uint64_t max_queued_bytes = 0;        ///< Waiting for one client; 0: no limit.
    bool queue_qos0_messages = false;
    bool upgrade_outgoing_qos = false;
    bool retain_available = true;
    bool set_tcp_nodelay = false;
    std::chrono::seconds persistent_client_expiration{0};  ///< 0: a session may wait for ever.
    std::chrono::seconds sys_interval{10};                 ///< 0: no $SYS topics.
    std::string pid_file;                                  ///< Empty: none.
    std::uint16_t workers = 0;                             ///< Threads; 0: one per core.
    engine_kind engine = engine_kind::automatic;
    log_config log;

    friend bool operator==(const broker_config&, const broker_config&) = default;
};

}  // namespace nightjar::broker
