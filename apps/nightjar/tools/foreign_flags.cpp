// Flags of Mosquitto's tools that need what this program does not have.
#include <array>

#include "flags.hpp"

namespace nightjar::app {
namespace {

trouble no_tls(settings&, std::string_view, argument_list&) {
    return usage_error{"TLS is not available yet; connect to a listener without it.", 2};
}

trouble no_websocket(settings&, std::string_view, argument_list&) {
    return usage_error{"WebSocket is not available yet; connect to a listener for MQTT.", 2};
}

trouble no_proxy(settings&, std::string_view, argument_list&) {
    return usage_error{"SOCKS proxies are not available yet; connect directly.", 2};
}

trouble no_srv(settings&, std::string_view, argument_list&) {
    return usage_error{"SRV records are not available yet; name the host with -h.", 2};
}

trouble no_bind(settings&, std::string_view, argument_list&) {
    return usage_error{"Binding to a local address is not available yet; leave -A out.", 2};
}

trouble no_multipath(settings&, std::string_view, argument_list&) {
    return usage_error{"Multipath TCP is not available yet; leave --mptcp out.", 2};
}

constexpr auto table = std::to_array<flag>({
    {"", "--cafile", tool::all, "", "", no_tls},
    {"", "--capath", tool::all, "", "", no_tls},
    {"", "--cert", tool::all, "", "", no_tls},
    {"", "--key", tool::all, "", "", no_tls},
    {"", "--keyform", tool::all, "", "", no_tls},
    {"", "--ciphers", tool::all, "", "", no_tls},
    {"", "--insecure", tool::all, "", "", no_tls},
    {"", "--psk", tool::all, "", "", no_tls},
    {"", "--psk-identity", tool::all, "", "", no_tls},
    {"", "--tls-alpn", tool::all, "", "", no_tls},
    {"", "--tls-engine", tool::all, "", "", no_tls},
    {"", "--tls-engine-kpass-sha1", tool::all, "", "", no_tls},
    {"", "--tls-keylog", tool::all, "", "", no_tls},
    {"", "--tls-use-os-certs", tool::all, "", "", no_tls},
    {"", "--tls-version", tool::all, "", "", no_tls},
    {"", "--ws", tool::all, "", "", no_websocket},
    {"", "--proxy", tool::all, "", "", no_proxy},
    {"", "--mptcp", tool::all, "", "", no_multipath},
    {"-S", "", tool::all, "", "", no_srv},
    {"-A", "", tool::all, "", "", no_bind},
});

}  // namespace

std::span<const flag> foreign_flags() noexcept { return table; }

}  // namespace nightjar::app
