#include <array>

#include "field.hpp"

// Mosquitto's bridges. `connection` stops the start, and so does each line of a bridge: messages
// would not flow.

namespace nightjar::broker::config {

namespace {

constexpr option bridge(std::string_view name) {
    return unsupported(name, scope::bridge,
                       "there are no bridges; let a client that knows both brokers carry the "
                       "messages, and remove the "
                       "bridge's lines");
}

constexpr auto rows = std::to_array<option>({
    bridge("connection"),
    bridge("address"),
    bridge("addresses"),
    bridge("topic"),
    bridge("bridge_alpn"),
    bridge("bridge_attempt_unsubscribe"),
    bridge("bridge_bind_address"),
    bridge("bridge_cafile"),
    bridge("bridge_capath"),
    bridge("bridge_certfile"),
    bridge("bridge_ciphers"),
    bridge("bridge_ciphers_tls1.3"),
    bridge("bridge_identity"),
    bridge("bridge_insecure"),
    bridge("bridge_keyfile"),
    bridge("bridge_max_packet_size"),
    bridge("bridge_max_topic_alias"),
    bridge("bridge_outgoing_retain"),
    bridge("bridge_protocol_version"),
    bridge("bridge_psk"),
    bridge("bridge_receive_maximum"),
    bridge("bridge_reload_type"),
    bridge("bridge_require_ocsp"),
    bridge("bridge_session_expiry_interval"),
    bridge("bridge_tcp_keepalive"),
    bridge("bridge_tcp_user_timeout"),
    bridge("bridge_tls_use_os_certs"),
    bridge("bridge_tls_version"),
    bridge("cleansession"),
    bridge("clientid"),
    bridge("idle_timeout"),
    bridge("keepalive_interval"),
    bridge("local_cleansession"),
    bridge("local_clientid"),
    bridge("local_password"),
    bridge("local_username"),
    bridge("notification_topic"),
    bridge("notifications"),
    bridge("notifications_local_only"),
    bridge("password"),
    bridge("remote_clientid"),
    bridge("remote_password"),
    bridge("remote_username"),
    bridge("restart_timeout"),
    bridge("round_robin"),
    bridge("start_type"),
    bridge("threshold"),
    bridge("try_private"),
    bridge("username"),
});

}  // namespace

std::span<const option> bridge_options() { return rows; }

}  // namespace nightjar::broker::config
