#include "listening.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace nightjar::broker {
namespace {

using io::endpoint;
using domain = listener_config::domain_kind;

bool fits(const endpoint& at, domain wanted) noexcept {
    if (wanted == domain::any) return true;
    return (at.kind() == endpoint::family::v4) == (wanted == domain::ipv4);
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
        if (one->ai_family == AF_INET) {
            std::array<byte, 4> raw;
            std::memcpy(raw.data(), &reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr,
                        raw.size());
            found.push_back(endpoint::v4(raw, port));
        } else if (one->ai_family == AF_INET6) {
            std::array<byte, 16> raw;
            const auto* six = reinterpret_cast<const sockaddr_in6*>(one->ai_addr);
            std::memcpy(raw.data(), &six->sin6_addr, raw.size());
            found.push_back(endpoint::v6(raw, port, six->sin6_scope_id));
        }
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
    if (how.address.empty())
        all = {endpoint::any_v4(how.port), endpoint::any_v6(how.port)};
    else if (auto numeric = endpoint::parse(how.address, how.port))
        all = {*numeric};
    else
        all = look_up(how.address, how.port);
    std::erase_if(all, [&](const endpoint& one) { return !fits(one, how.socket_domain); });
    return all;
}

/// A machine without IPv6 still listens on all that it has.
bool may_be_missing(const endpoint& at, const listener_config& door,
                    const broker_config& how) noexcept {
    const bool is_one_of_several = door.address.empty() || how.loopback_only;
    return is_one_of_several && door.socket_domain == domain::any &&
           at.kind() == endpoint::family::v6;
}

}  // namespace

result<std::vector<bound_listener>> open_all(worker& first, listener_door& door,
                                             const broker_config& how, std::string* trouble) {
    std::vector<bound_listener> bound;
    const auto rules = door.rules();
    const listener_config& wanted = rules->how;
    const auto places = places_of(wanted);
    if (places.empty() && trouble)
        *trouble = fmt::format("no address of {} can be used", wanted.address);
    if (places.empty()) return fail(error::not_found);
    std::uint16_t chosen =
        wanted.port;  // both families on the port that the kernel chose for the first
    for (const endpoint& at : places) {
        io::listen_options options;
        options.at = at.kind() == endpoint::family::local ? at : at.with_port(chosen);
        options.reuse_port = first.shared().workers > 1 && at.kind() != endpoint::family::local;
        options.no_delay = how.set_tcp_nodelay;
        options.claim = true;
        auto opened = first.listen(options, door);
        if (!opened) {
            if (may_be_missing(at, wanted, how)) continue;
            if (trouble) *trouble = options.at.text();
            return fail(opened.error());
        }
        options.at = *opened;
        options.claim = false;  // the other workers join
        chosen = opened->port();
        bound.push_back({options, &door});
    }
    return bound;
}

result<> reopen(worker& at, const std::vector<bound_listener>& bound, std::string* trouble) {
    for (const bound_listener& one : bound) {
        if (one.how.at.kind() == endpoint::family::local) continue;
        if (auto opened = at.listen(one.how, *one.door); !opened) {
            if (trouble) *trouble = one.how.at.text();
            return fail(opened.error());
        }
    }
    return {};
}

}  // namespace nightjar::broker
