#include <array>

#include "field.hpp"

// Mosquitto's options that keep somebody out or something within bounds. To pass over one of them
// would open a door that its author believes shut: each stops the start, save with the one value
// that asks for no protection.

namespace nightjar::broker::config {

namespace {

constexpr std::string_view no_tls =
    "listeners speak plain MQTT; put a TLS proxy in front of a loopback listener, and remove the "
    "line";
constexpr std::string_view no_names =
    "there is no login; bind loopback or a private network, and remove the line";
constexpr std::string_view no_lists =
    "there are no access lists; remove the line only if every client may do everything";
constexpr std::string_view no_plugins =
    "there are no plugins; remove the line only if nothing depends on it";
constexpr std::string_view no_proxy =
    "the PROXY protocol is not understood; let the proxy forward plain TCP";
constexpr std::string_view no_identity =
    "a client's name cannot be taken from there; remove the line only if nothing "
    "depends on it";

constexpr option tls(std::string_view name) { return unsupported(name, scope::listener, no_tls); }
constexpr option plugin(std::string_view name) {
    return unsupported(name, scope::plugin, no_plugins);
}

constexpr auto rows = std::to_array<option>({
    unsupported("password_file", scope::security, no_names),
    unsupported("acl_file", scope::security, no_lists),
    unsupported("psk_file", scope::security, no_tls),

    tls("cafile"),
    tls("capath"),
    tls("certfile"),
    tls("keyfile"),
    tls("crlfile"),
    tls("ciphers"),
    tls("ciphers_tls1.3"),
    harmless("dhparamfile", scope::listener, "TLS libraries choose these parameters themselves"),
    tls("psk_hint"),
    tls("tls_version"),
    tls("tls_engine"),
    tls("tls_engine_kpass_sha1"),
    tls("tls_keyform"),
    unsupported("require_certificate", scope::listener, no_tls, "false"),
    unsupported("disable_client_cert_date_checks", scope::listener, no_tls, "false"),
    unsupported("use_identity_as_username", scope::listener, no_identity, "false"),
    unsupported("use_subject_as_username", scope::listener, no_identity, "false"),

    plugin("plugin"),
    plugin("global_plugin"),
    plugin("plugin_load"),
    plugin("plugin_use"),
    plugin("plugin_opt_*"),
    plugin("auth_plugin"),
    plugin("auth_plugin_deny_special_chars"),
    plugin("auth_opt_*"),

    unsupported("enable_proxy_protocol", scope::listener, no_proxy),
    unsupported("proxy_protocol_v2_require_tls", scope::listener, no_proxy, "false"),
    unsupported("websockets_origin", scope::listener,
                "there is no WebSocket listener; remove the line"),
});

}  // namespace

std::span<const option> guard_options() { return rows; }

}  // namespace nightjar::broker::config
