#include "os/address.hpp"
#include "os/error.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/datagram.hpp>

#include <algorithm>
#include <array>
#include <cerrno>

namespace nightjar::io {
namespace {

constexpr std::size_t batch_max = 64;
// What one call with UDP_SEGMENT may carry: the largest datagram, in the kernel's count of pieces.
constexpr std::size_t cut_bytes_max = 65'000;
constexpr std::size_t cut_count_max = 64;
constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

/// A gather list of one for each, for sendmmsg(2).
struct batch {
    std::array<mmsghdr, batch_max> headers{};
    std::array<iovec, batch_max> pieces{};
    std::array<os::address, batch_max> addresses;
    unsigned count = 0;

    void add(const endpoint& to, bytes_view what) noexcept {
        addresses[count] = os::to_address(to);
        pieces[count] = {const_cast<byte*>(what.data()), what.size()};
        msghdr& header = headers[count].msg_hdr;
        header.msg_name = addresses[count].raw();
        header.msg_namelen = addresses[count].size;
        header.msg_iov = &pieces[count];
        header.msg_iovlen = 1;
        ++count;
    }
};

/// How many were taken, or -1 with errno.
int send_batch(int socket, batch& what) noexcept {
    int taken = 0;
    do {
        taken = ::sendmmsg(socket, what.headers.data(), what.count, flags);
    } while (taken < 0 && errno == EINTR);
    return taken;
}

result<std::size_t> taken_or_why(std::size_t taken) noexcept {
    if (taken == 0) return fail(os::last_error());
    return taken;
}

/// This kernel, this card or this packet size does not do it; plain datagrams may pass.
bool is_no_offload(int number) noexcept {
    return number == EIO || number == EINVAL || number == EMSGSIZE || number == ENOPROTOOPT ||
           number == EOPNOTSUPP;
}

}  // namespace

result<> datagram::send_one(const void* to, unsigned to_size, bytes_view what) noexcept {
    for (;;) {
        const ssize_t n = ::sendto(descriptor(), what.data(), what.size(), flags,
                                   static_cast<const sockaddr*>(to), to_size);
        if (n >= 0) return {};
        if (errno != EINTR) return fail(os::last_error());
    }
}

result<> datagram::send(const endpoint& to, bytes_view what) noexcept {
    if (to.kind() == endpoint::family::none) return fail(error::invalid);
    const os::address where = os::to_address(to);
    return send_one(where.raw(), where.size, what);
}

result<> datagram::send(bytes_view what) noexcept { return send_one(nullptr, 0, what); }

result<std::size_t> datagram::send(std::span<const outgoing> all) noexcept {
    std::size_t taken = 0;
    while (taken < all.size()) {
        batch some;
        for (const outgoing& one : all.subspan(taken, std::min(batch_max, all.size() - taken))) {
            if (one.to.kind() == endpoint::family::none) break;
            some.add(one.to, one.what);
        }
        if (some.count == 0) return taken > 0 ? result<std::size_t>(taken) : fail(error::invalid);
        const int n = send_batch(descriptor(), some);
        if (n < 0) return taken_or_why(taken);
        taken += static_cast<std::size_t>(n);
        if (static_cast<unsigned>(n) < some.count) return taken;
    }
    return taken;
}

result<std::size_t> datagram::send_cut(const endpoint& to, bytes_view what,
                                       std::size_t each) noexcept {
    expects(each > 0, "datagrams of some size");
    if (to.kind() == endpoint::family::none) return fail(error::invalid);
    std::size_t taken = 0;
    while (can_offload_ && each * 2 <= cut_bytes_max && taken < what.size()) {
        const auto n = send_offloaded(to, what.subspan(taken), each);
        if (!n && is_no_offload(n.error().os)) break;
        if (!n) return taken > 0 ? result<std::size_t>(taken) : n;
        taken += *n;
    }
    while (taken < what.size()) {
        batch some;
        std::size_t end = taken;
        for (; end < what.size() && some.count < batch_max; end = std::min(end + each, what.size()))
            some.add(to, what.subspan(end, std::min(each, what.size() - end)));
        const int n = send_batch(descriptor(), some);
        if (n < 0) return taken_or_why(taken);
        taken = std::min(taken + static_cast<std::size_t>(n) * each, what.size());
        if (static_cast<unsigned>(n) < some.count) return taken;
    }
    return taken;
}

/// One call's worth of it. What the kernel takes it takes whole.
result<std::size_t> datagram::send_offloaded(const endpoint& to, bytes_view what,
                                             std::size_t each) noexcept {
    os::address where = os::to_address(to);
    const std::size_t most = std::min(cut_count_max, cut_bytes_max / each) * each;
    iovec piece{const_cast<byte*>(what.data()), std::min(most, what.size())};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control{};
    msghdr header{};
    header.msg_name = where.raw();
    header.msg_namelen = where.size;
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* const said = CMSG_FIRSTHDR(&header);
    said->cmsg_level = SOL_UDP;
    said->cmsg_type = UDP_SEGMENT;
    said->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(each);
    std::memcpy(CMSG_DATA(said), &size, sizeof size);
    for (;;) {
        const ssize_t n = ::sendmsg(descriptor(), &header, flags);
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno == EINTR) continue;
        // Too large for the path is this call's matter, the others are for ever.
        if (is_no_offload(errno) && errno != EINVAL && errno != EMSGSIZE) can_offload_ = false;
        return fail(os::last_error());
    }
}

}  // namespace nightjar::io
