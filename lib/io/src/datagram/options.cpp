#include "os/address.hpp"
#include "os/error.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <nightjar/io/datagram.hpp>

namespace nightjar::io {
namespace {

bool is_ip(endpoint::family which) noexcept {
    return which == endpoint::family::v4 || which == endpoint::family::v6;
}

}  // namespace

result<> datagram::set(int level, int option, int value) noexcept {
    if (::setsockopt(descriptor(), level, option, &value, sizeof value) == 0) return {};
    return fail(os::last_error());
}

result<> datagram::configure(const datagram_options& how) noexcept {
    if (how.coalesce && is_ip(family_)) static_cast<void>(set(SOL_UDP, UDP_GRO, 1));
    result<> done;
    if (how.broadcast) done = set(SOL_SOCKET, SO_BROADCAST, 1);
    if (done && how.receive_buffer_bytes > 0)
        done = set(SOL_SOCKET, SO_RCVBUF, how.receive_buffer_bytes);
    if (done && how.send_buffer_bytes > 0) done = set(SOL_SOCKET, SO_SNDBUF, how.send_buffer_bytes);
    return done;
}

result<> datagram::connect(const endpoint& to) noexcept {
    if (to.kind() == endpoint::family::none) return fail(error::invalid);
    const os::address where = os::to_address(to);
    if (::connect(descriptor(), where.raw(), where.size) == 0) return {};
    return fail(os::last_error());
}

result<> datagram::join(const endpoint& group, unsigned interface,
                        const endpoint& only_from) noexcept {
    return change_membership(true, group, interface, only_from);
}

result<> datagram::leave(const endpoint& group, unsigned interface,
                         const endpoint& only_from) noexcept {
    return change_membership(false, group, interface, only_from);
}

result<> datagram::change_membership(bool in, const endpoint& group, unsigned interface,
                                     const endpoint& only_from) noexcept {
    if (!is_ip(family_) || group.kind() != family_) return fail(error::invalid);
    const int level = is_v6() ? IPPROTO_IPV6 : IPPROTO_IP;
    if (only_from.kind() == endpoint::family::none) {
        group_req asked{};
        asked.gr_interface = interface;
        asked.gr_group = os::to_address(group).room;
        const int option = in ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP;
        if (::setsockopt(descriptor(), level, option, &asked, sizeof asked) == 0) return {};
        return fail(os::last_error());
    }
    if (only_from.kind() != family_) return fail(error::invalid);
    group_source_req asked{};
    asked.gsr_interface = interface;
    asked.gsr_group = os::to_address(group).room;
    asked.gsr_source = os::to_address(only_from).room;
    const int option = in ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
    if (::setsockopt(descriptor(), level, option, &asked, sizeof asked) == 0) return {};
    return fail(os::last_error());
}

result<> datagram::set_hops(int most) noexcept {
    if (most < 1 || most > 255) return fail(error::invalid);
    return is_v6() ? set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, most) : set(IPPROTO_IP, IP_TTL, most);
}

result<> datagram::set_multicast_hops(int most) noexcept {
    if (most < 1 || most > 255) return fail(error::invalid);
    return is_v6() ? set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, most)
                   : set(IPPROTO_IP, IP_MULTICAST_TTL, most);
}

result<> datagram::set_multicast_loop(bool on) noexcept {
    return is_v6() ? set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, on ? 1 : 0)
                   : set(IPPROTO_IP, IP_MULTICAST_LOOP, on ? 1 : 0);
}

result<> datagram::set_multicast_interface(unsigned index) noexcept {
    const int number = static_cast<int>(index);
    if (is_v6()) return set(IPPROTO_IPV6, IPV6_MULTICAST_IF, number);
    ip_mreqn asked{};
    asked.imr_ifindex = number;
    if (::setsockopt(descriptor(), IPPROTO_IP, IP_MULTICAST_IF, &asked, sizeof asked) == 0)
        return {};
    return fail(os::last_error());
}

}  // namespace nightjar::io
