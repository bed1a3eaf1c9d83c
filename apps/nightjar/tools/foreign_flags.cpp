// Flags of Mosquitto's tools that need what this program does not have.
#include <array>

#include "flags.hpp"

namespace nightjar::app {
namespace {

trouble no_tls(settings&, std::string_view, argument_list&) {
    return usage_error{
        "this program has no TLS yet; use a plain listener, or mosquitto_pub and "
        "mosquitto_sub.",
        2};
}

trouble no_proxy(settings&, std::string_view, argument_list&) {
    return usage_error{"SOCKS proxies are not supported; use mosquitto_pub and mosquitto_sub.", 2};
}

trouble no_srv(settings&, std::string_view, argument_list&) {
    return usage_error{"SRV records are not supported; name the host with -h.", 2};
}

trouble no_bind(settings&, std::string_view, argument_list&) {
    return usage_error{"binding to a local address is not supported; leave -A out.", 2};
}

constexpr auto table = std::to_array<flag>({
    {"", "--cafile", tool::both, "", "", no_tls},
    {"", "--capath", tool::both, "", "", no_tls},
    {"", "--cert", tool::both, "", "", no_tls},
    {"", "--key", tool::both, "", "", no_tls},
    {"", "--keyform", tool::both, "", "", no_tls},
    {"", "--ciphers", tool::both, "", "", no_tls},
    {"", "--insecure", tool::both, "", "", no_tls},
    {"", "--psk", tool::both, "", "", no_tls},
    {"", "--psk-identity", tool::both, "", "", no_tls},
    {"", "--tls-alpn", tool::both, "", "", no_tls},
    {"", "--tls-engine", tool::both, "", "", no_tls},
    {"", "--tls-engine-kpass-sha1", tool::both, "", "", no_tls},
    {"", "--tls-use-os-certs", tool::both, "", "", no_tls},
    {"", "--tls-version", tool::both, "", "", no_tls},
    {"", "--proxy", tool::both, "", "", no_proxy},
    {"-S", "", tool::both, "", "", no_srv},
    {"-A", "", tool::both, "", "", no_bind},
});

}  // namespace

std::span<const flag> foreign_flags() noexcept { return table; }

}  // namespace nightjar::app
