#include "os/address.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <sys/socket.h>

#include <nightjar/io/datagram.hpp>

#include <cerrno>

namespace nightjar::io {
namespace {

constexpr int read_per_turn_max = 64;  // so that a flood of datagrams does not starve the streams

}  // namespace

result<std::unique_ptr<datagram>> datagram::bind(loop& on, const datagram_options& how,
                                                 receiver& who) {
    auto socket = os::open_datagram(how.at, how.reuse_port);
    if (!socket) return fail(socket.error());
    std::unique_ptr<datagram> made(new datagram(std::move(*socket), how.size_max, who));
    auto seen = on.engine().observe(made->descriptor(), *made);
    if (!seen) return fail(seen.error());
    made->watch_ = std::move(*seen);
    made->watch_->want(watch::readable);
    return made;
}

datagram::datagram(handle socket, std::size_t size_max, receiver& who)
    : socket_(std::move(socket)), who_(&who), room_(size_max) {}

result<> datagram::send(const endpoint& to, bytes_view what) noexcept {
    if (to.kind() == endpoint::family::none) return fail(error::invalid);
    const os::address where = os::to_address(to);
    for (;;) {
        const ssize_t n = ::sendto(descriptor(), what.data(), what.size(),
                                   MSG_NOSIGNAL | MSG_DONTWAIT, where.raw(), where.size);
        if (n >= 0) return {};
        if (errno != EINTR) return fail(os::last_error());
    }
}

endpoint datagram::local() const noexcept { return os::local_of(descriptor()); }

void datagram::on_ready(unsigned) noexcept {
    for (int n = 0; n < read_per_turn_max && read_one(); ++n) {
    }
}

/// False when there is nothing more to read.
bool datagram::read_one() noexcept {
    os::address from;
    const ssize_t n =
        ::recvfrom(descriptor(), room_.data(), room_.size(), MSG_DONTWAIT, from.raw(), &from.size);
    if (n >= 0) {
        who_->on_datagram(os::to_endpoint(from), bytes(room_).first(static_cast<std::size_t>(n)));
        return true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
    who_->on_datagram_error(os::last_error());
    return true;
}

}  // namespace nightjar::io
