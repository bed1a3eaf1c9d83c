#include <nightjar/io/datagram.hpp>

#include "datagram/inbox.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <algorithm>
#include <cerrno>

namespace nightjar::io {
namespace {

constexpr std::size_t told_per_turn_max = 64;  // so that a flood does not starve the streams
constexpr std::size_t joined_bytes_max = 65'536;

/// What the kernel joins must fit whole, or datagrams are lost and not only cut.
std::size_t room_for_each(const datagram_options& how) noexcept {
    return how.coalesce ? std::max(how.size_max, joined_bytes_max) : how.size_max;
}

}  // namespace

result<std::unique_ptr<datagram>> datagram::bind(loop& on, const datagram_options& how,
                                                 receiver& who) {
    auto socket = os::open_datagram(how);
    if (!socket) return fail(socket.error());
    std::unique_ptr<datagram> made(new datagram(std::move(*socket), how, who));
    if (const auto done = made->configure(how); !done) return fail(done.error());
    auto seen = on.engine().observe(made->descriptor(), *made);
    if (!seen) return fail(seen.error());
    made->watch_ = std::move(*seen);
    made->watch_->want(watch::readable);
    return made;
}

datagram::datagram(handle socket, const datagram_options& how, receiver& who)
    : socket_(std::move(socket)),
      who_(&who),
      inbox_(std::make_unique<inbox>(room_for_each(how))),
      size_max_(how.size_max),
      family_(how.at.kind()),
      can_offload_(family_ == endpoint::family::v4 || is_v6()) {}

datagram::~datagram() = default;

endpoint datagram::local() const noexcept { return os::local_of(descriptor()); }

void datagram::on_ready(unsigned) noexcept {
    std::size_t told = 0;
    while (told < told_per_turn_max && read_batch(told)) {
    }
}

/// False when there is nothing more to read.
bool datagram::read_batch(std::size_t& told) noexcept {
    const int count = inbox_->read(descriptor());
    if (count < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
        who_->on_datagram_error(os::last_error());
        ++told;
        return true;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const endpoint from = inbox_->from(i);
        bytes rest = inbox_->what(i);
        std::size_t each = inbox_->joined_of(i);
        if (each == 0) each = rest.size();
        do {
            const std::size_t n = std::min(each, rest.size());
            who_->on_datagram(from, rest.first(std::min(n, size_max_)));
            rest = rest.subspan(n);
            ++told;
        } while (!rest.empty());
    }
    who_->on_datagrams_end();
    return static_cast<std::size_t>(count) == inbox_->size();
}

}  // namespace nightjar::io
