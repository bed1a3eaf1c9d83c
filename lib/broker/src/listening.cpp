#include "listening.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

namespace nightjar::broker {
namespace {

using io::endpoint;
using domain = listener_config::domain_kind;

constexpr unsigned unix_mode = 0660;  // a Unix socket is for its owner and group

bool fits(const endpoint& at, domain wanted) noexcept {
    if (wanted == domain::any) return true;
    return (at.kind() == endpoint::family::v4) == (wanted == domain::ipv4);
}

/// An IP address of the system's; nothing for other families.
std::optional<endpoint> as_endpoint(const sockaddr* from, std::uint16_t port) {
    if (from->sa_family == AF_INET) {
        std::array<byte, 4> raw;
        std::memcpy(raw.data(), &reinterpret_cast<const sockaddr_in*>(from)->sin_addr, raw.size());
        return endpoint::v4(raw, port);
    }
    if (from->sa_family != AF_INET6) return {};
    std::array<byte, 16> raw;
    const auto* six = reinterpret_cast<const sockaddr_in6*>(from);
    std::memcpy(raw.data(), &six->sin6_addr, raw.size());
    return endpoint::v6(raw, port, six->sin6_scope_id);
}

/// The addresses of a network interface.
std::vector<endpoint> addresses_of(const std::string& interface, std::uint16_t port) {
    std::vector<endpoint> found;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return found;
    for (const ifaddrs* one = list; one; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_name != interface) continue;
        if (const auto at = as_endpoint(one->ifa_addr, port)) found.push_back(*at);
    }
    ::freeifaddrs(list);
    return found;
}

/// The addresses of a name, at start-up, where waiting harms nobody.
std::vector<endpoint> look_up(const std::string& name, std::uint16_t port) {
    std::vector<endpoint> found;
    const addrinfo hints{.ai_flags = AI_PASSIVE,
                         .ai_family = AF_UNSPEC,
                         .ai_socktype = SOCK_STREAM,
                         .ai_protocol = 0,
                         .ai_addrlen = 0,
                         .ai_addr = nullptr,
                         .ai_canonname = nullptr,
                         .ai_next = nullptr};
    addrinfo* list = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) return found;
    for (const addrinfo* one = list; one; one = one->ai_next) {
        if (const auto at = as_endpoint(one->ai_addr, port)) found.push_back(*at);
    }
    ::freeaddrinfo(list);
    return found;
}

std::vector<endpoint> places_of(const listener_config& how) {
    if (how.port == 0 && !how.unix_path.empty()) {
        auto path = endpoint::local(how.unix_path);
        return path ? std::vector<endpoint>{*path} : std::vector<endpoint>{};
    }
    std::vector<endpoint> all;
    if (!how.interface.empty())
        all = addresses_of(how.interface, how.port);
    else if (how.address.empty())
        all = {endpoint::any_v4(how.port), endpoint::any_v6(how.port)};
    else if (auto numeric = endpoint::parse(how.address, how.port))
        all = {*numeric};
    else
        all = look_up(how.address, how.port);
    std::erase_if(all, [&](const endpoint& one) { return !fits(one, how.socket_domain); });
    return all;
}

/// Why a listener has no address at all.
std::string nowhere(const listener_config& door) {
    if (!door.interface.empty())
        return fmt::format(
            "bind_interface: there is no interface {} with such an address; `ip "
            "address` lists them",
            door.interface);
    return fmt::format(
        "{} has no address here that can be used; name one of this machine's "
        "addresses",
        door.address);
}

/// What an operator can do about it.
std::string_view advice(const endpoint& at, int os) noexcept {
    const bool is_path = at.kind() == endpoint::family::local;
    switch (os) {
        case EADDRINUSE:
            return is_path ? "; a program listens there, or the file is no socket: stop the one or "
                             "move the other"
                           : "; another program listens there: stop it, or choose another port";
        case EACCES:
        case EPERM:
            return is_path ? "; the directory must be writable for this user"
                           : "; ports below 1024 are root's, or take CAP_NET_BIND_SERVICE";
        case EADDRNOTAVAIL: return "; no interface of this machine has this address";
        case ENOENT: return "; the directory must exist";
        default: return "";
    }
}

std::string cannot(const endpoint& at, error why) {
    const std::string reason = why.os != 0
                                   ? std::error_code(why.os, std::generic_category()).message()
                                   : std::string(describe(why.what));
    return fmt::format("cannot listen on {}: {}{}", at.text(), reason, advice(at, why.os));
}

/// A machine without IPv6 still listens on all that it has.
bool may_be_missing(const endpoint& at, const listener_config& door,
                    const broker_config& how) noexcept {
    const bool is_one_of_several =
        (door.address.empty() && door.interface.empty()) || how.loopback_only;
    return is_one_of_several && door.socket_domain == domain::any &&
           at.kind() == endpoint::family::v6;
}

}  // namespace

result<std::vector<bound_listener>> open_all(worker& first, listener_door& door,
                                             const broker_config& how, std::string& trouble) {
    std::vector<bound_listener> bound;
    const auto rules = door.rules();
    const listener_config& wanted = rules->how;
    const auto places = places_of(wanted);
    if (places.empty()) {
        trouble = nowhere(wanted);
        return fail(error::not_found);
    }
    std::uint16_t chosen =
        wanted.port;  // both families on the port that the kernel chose for the first
    for (const endpoint& at : places) {
        io::listen_options options;
        options.at = at.kind() == endpoint::family::local ? at : at.with_port(chosen);
        options.reuse_port = first.shared().workers > 1 && at.kind() != endpoint::family::local;
        options.no_delay = how.set_tcp_nodelay;
        options.claim = true;
        options.unix_mode = unix_mode;
        auto opened = first.listen(options, door);
        if (!opened) {
            if (may_be_missing(at, wanted, how)) continue;
            trouble = cannot(options.at, opened.error());
            return fail(opened.error());
        }
        options.at = *opened;
        options.claim = false;  // the other workers join
        chosen = opened->port();
        bound.push_back({options, &door});
    }
    return bound;
}

result<> reopen(worker& at, const std::vector<bound_listener>& bound, std::string& trouble) {
    for (const bound_listener& one : bound) {
        if (one.how.at.kind() == endpoint::family::local) continue;
        if (auto opened = at.listen(one.how, *one.door); !opened) {
            trouble = cannot(one.how.at, opened.error());
            return fail(opened.error());
        }
    }
    return {};
}

}  // namespace nightjar::broker
