#include <set>

#include "reading.hpp"

// The names that Mosquitto 2.1 knows, and those that older versions knew, held against the table.

namespace nightjar::broker::config {
namespace {

constexpr std::string_view mosquitto_names[] = {
    "accept_protocol_versions", "acl_file", "address", "addresses", "allow_anonymous",
    "allow_duplicate_messages", "allow_zero_length_clientid", "auth_opt_anything", "auth_plugin",
    "auth_plugin_deny_special_chars", "auto_id_prefix", "autosave_interval", "autosave_on_changes",
    "bind_address", "bind_interface", "bridge_alpn", "bridge_attempt_unsubscribe",
    "bridge_bind_address", "bridge_cafile", "bridge_capath", "bridge_certfile", "bridge_ciphers",
    "bridge_ciphers_tls1.3", "bridge_identity", "bridge_insecure", "bridge_keyfile",
    "bridge_max_packet_size", "bridge_max_topic_alias", "bridge_outgoing_retain",
    "bridge_protocol_version", "bridge_psk", "bridge_receive_maximum", "bridge_reload_type",
    "bridge_require_ocsp", "bridge_session_expiry_interval", "bridge_tcp_keepalive",
    "bridge_tcp_user_timeout", "bridge_tls_use_os_certs", "bridge_tls_version", "cafile", "capath",
    "certfile", "check_retain_source", "ciphers", "ciphers_tls1.3", "cleansession", "clientid",
    "clientid_prefixes", "connection", "connection_messages", "crlfile", "dhparamfile",
    "disable_client_cert_date_checks", "enable_control_api", "enable_proxy_protocol",
    "global_max_clients", "global_max_connections", "global_plugin", "http_dir", "idle_timeout",
    "include_dir", "keepalive_interval", "keyfile", "listener", "listener_allow_anonymous",
    "listener_auto_id_prefix", "local_cleansession", "local_clientid", "local_password",
    "local_username", "log_dest", "log_facility", "log_timestamp", "log_timestamp_format",
    "log_type", "max_connections", "max_inflight_bytes", "max_inflight_messages", "max_keepalive",
    "max_packet_size", "max_qos", "max_queued_bytes", "max_queued_messages", "max_topic_alias",
    "max_topic_alias_broker", "maximum_qos", "memory_limit", "message_size_limit", "mount_point",
    "mptcp", "notification_topic", "notifications", "notifications_local_only",
    "packet_buffer_size", "password", "password_file", "per_listener_settings", "persistence",
    "persistence_file", "persistence_location", "persistent_client_expiration", "pid_file",
    "plugin", "plugin_load", "plugin_opt_anything", "plugin_use", "port", "protocol",
    "proxy_protocol_v2_require_tls", "psk_file", "psk_hint", "queue_qos0_messages",
    "remote_clientid", "remote_password", "remote_username", "require_certificate",
    "restart_timeout", "retain_available", "retain_expiry_interval", "retained_persistence",
    "retry_interval", "round_robin", "set_tcp_nodelay", "socket_domain", "start_type",
    "sys_interval", "threshold", "tls_engine", "tls_engine_kpass_sha1", "tls_keyform",
    "tls_version", "topic", "try_private", "upgrade_outgoing_qos", "use_identity_as_username",
    "use_subject_as_username", "use_username_as_clientid", "user", "username",
    "websockets_headers_size", "websockets_log_level", "websockets_origin",
    // older
    "autosave", "store_clean_interval", "trace_level"};

constexpr std::string_view own_names[] = {"workers",
                                          "engine",
                                          "cpu_affinity",
                                          "log_format",
                                          "connect_timeout",
                                          "max_connect_rate",
                                          "slow_subscriber_policy",
                                          "max_outgoing_buffer_bytes",
                                          "max_subscriptions_per_client",
                                          "max_topic_levels",
                                          "max_retained_messages"};

TEST(completeness, every_name_of_mosquitto_is_known) {
    for (const auto name : mosquitto_names) EXPECT_NE(find_option(name), nullptr) << name;
}

TEST(completeness, no_name_of_mosquitto_is_called_unknown) {
    for (const auto name : mosquitto_names) {
        const auto made = read(std::string(name) + " x\n");
        for (const auto& one : made.diagnostics)
            EXPECT_FALSE(contains(one.message, "unknown option")) << name;
    }
}

TEST(completeness, every_row_is_a_name_of_mosquitto_or_ours) {
    std::set<const option*> seen;
    for (const auto name : mosquitto_names) seen.insert(find_option(name));
    for (const auto name : own_names) seen.insert(find_option(name));
    for (const option& one : options()) EXPECT_TRUE(seen.contains(&one)) << one.name;
}

TEST(completeness, no_name_has_two_rows) {
    std::set<std::string_view> seen;
    for (const option& one : options()) EXPECT_TRUE(seen.insert(one.name).second) << one.name;
}

}  // namespace
}  // namespace nightjar::broker::config
