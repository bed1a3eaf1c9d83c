#include "engines/readiness/stream.hpp"

#include "engines/readiness/poller.hpp"
#include "os/address.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace nightjar::io::readiness {
namespace {

constexpr std::size_t pieces_max = 64;

bool is_would_block(int number) noexcept { return number == EAGAIN || number == EWOULDBLOCK; }

ssize_t send_once(int fd, std::span<const bytes_view> pieces) noexcept {
    if (pieces.size() == 1) return ::send(fd, pieces[0].data(), pieces[0].size(), MSG_NOSIGNAL);
    std::array<iovec, pieces_max> gather;  // NOLINT: only the front is used, and it is filled
    const std::size_t count = std::min(pieces.size(), pieces_max);
    for (std::size_t i = 0; i < count; ++i) {
        gather[i] = {const_cast<byte*>(pieces[i].data()), pieces[i].size()};
    }
    msghdr message{};
    message.msg_iov = gather.data();
    message.msg_iovlen = count;
    return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

std::size_t total_of(std::span<const bytes_view> pieces) noexcept {
    std::size_t total = 0;
    for (const bytes_view piece : pieces) total += piece.size();
    return total;
}

}  // namespace

stream::~stream() {
    if (fd_ >= 0) ::close(fd_);
}

void stream::attach(receiver& who) noexcept {
    receiver_ = &who;
    if (state_ != state::fresh) return;
    state_ = state::open;
    // Also a paused one: that the connection broke is reported even so.
    set_interest(to_interest(is_reading(), false));
    check();
}

std::size_t stream::write(std::span<const bytes_view> pieces) noexcept {
    if (state_ != state::open) return 0;
    expects(!writing_, "one write is in flight at most");
    expects(!output_ended_, "no write after shutdown()");
    const std::size_t total = total_of(pieces);
    if (total == 0) return 0;
    ssize_t taken = 0;
    do {
        taken = send_once(fd_, pieces);
    } while (taken < 0 && errno == EINTR);
    if (taken < 0 && !is_would_block(errno)) {
        fail(os::last_error());
        return 0;
    }
    const std::size_t n = taken < 0 ? 0 : static_cast<std::size_t>(taken);
    if (n < total) {
        writing_ = true;
        tell_kernel();
    }
    return n;
}

void stream::shutdown() noexcept {
    if (state_ != state::open) return;
    shutdown_asked_ = true;
    if (!writing_) end_output();
}

void stream::resume() noexcept {
    if (!paused_) return;
    paused_ = false;
    if (state_ == state::open) tell_kernel();
}

void stream::close() noexcept {
    if (state_ == state::closed || state_ == state::released) return;
    const bool is_retired = state_ == state::failed;  // its fault stays what on_closed tells
    state_ = state::closed;
    drop_descriptor();
    if (!is_retired) on_.retire(*this);
    check();
}

void stream::abort() noexcept {
    if (fd_ >= 0) os::reset_on_close(fd_);
    close();
}

handle stream::release() noexcept {
    if (state_ != state::open && state_ != state::fresh) return {};
    expects(!writing_, "no write in flight when a stream is released");
    on_.change(fd_, *this, interest_, interest::absent);
    interest_ = interest::absent;
    state_ = state::released;
    on_.retire(*this);
    return kernel_handle(std::exchange(fd_, -1));
}

void stream::acknowledge_input() noexcept {
    if (fd_ >= 0) os::acknowledge_now(fd_);
}

endpoint stream::peer() const noexcept { return os::peer_of(fd_); }
endpoint stream::local() const noexcept { return os::local_of(fd_); }

void stream::on_event(std::uint32_t events) noexcept {
    if (state_ != state::open) return;
    if (is_reading()) {
        if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
    } else if ((events & EPOLLERR) != 0) {
        const int number = os::take_error(fd_);
        return fail(number != 0 ? os::to_error(number) : error(error::reset));
    }
    if (state_ == state::open && (events & EPOLLOUT) != 0 && writing_) on_room();
    if (state_ != state::open) return;
    const interest wanted = to_interest(is_reading(), writing_);
    const bool is_hung_up = (events & EPOLLHUP) != 0;
    tell_kernel(is_hung_up && wanted == interest::nothing ? interest::absent : wanted);
}

void stream::settle() noexcept {
    if (state_ == state::failed) drain();
    // A failed stream keeps its descriptor so long, so that the receiver can still ask whose it
    // was.
    if (state_ != state::released && receiver_ != nullptr) receiver_->on_closed(why_);
    discard();
}

void stream::discard() noexcept {
    if (fd_ >= 0) drop_descriptor();
    on_.free_stream(*this);
}

void stream::receive() noexcept {
    const bytes room = on_.read_buffer();
    const ssize_t n = ::recv(fd_, room.data(), room.size(), 0);
    if (n > 0) return receiver_->on_data(room.first(static_cast<std::size_t>(n)));
    if (n == 0) return on_peer_ended();
    if (!is_would_block(errno) && errno != EINTR) fail(os::last_error());
}

void stream::on_peer_ended() noexcept {
    ended_ = true;
    if (!receiver_->on_end() && state_ == state::open) fail(error::end_of_stream);
}

void stream::on_room() noexcept {
    writing_ = false;
    receiver_->on_written(0);
    if (state_ == state::open && shutdown_asked_ && !writing_) end_output();
}

void stream::end_output() noexcept {
    if (!output_ended_) ::shutdown(fd_, SHUT_WR);
    output_ended_ = true;
}

void stream::fail(error why) noexcept {
    state_ = state::failed;
    why_ = why;
    on_.retire(*this);
    check();
}

/// When a write finds the connection reset, the peer's last words may still be in the receive
/// queue: an MQTT client that says DISCONNECT and closes while we are sending to it must not be
/// taken for dead. Ends, as nothing is added to that queue.
void stream::drain() noexcept {
    const bytes room = on_.read_buffer();
    while (state_ == state::failed && is_reading()) {
        const ssize_t n = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
        if (n <= 0) return;
        receiver_->on_data(room.first(static_cast<std::size_t>(n)));
    }
}

void stream::tell_kernel(interest wanted) noexcept {
    const bool is_muted = interest_ == interest::absent && wanted == interest::nothing;
    if (wanted != interest_ && !is_muted) set_interest(wanted);
}

void stream::set_interest(interest wanted) noexcept {
    if (!on_.change(fd_, *this, interest_, wanted)) return fail(os::last_error());
    interest_ = wanted;
}

void stream::drop_descriptor() noexcept {
    // Explicitly: a child process may hold a copy of the descriptor, and then close(2) alone leaves
    // it registered.
    if (interest_ != interest::absent) on_.change(fd_, *this, interest_, interest::absent);
    interest_ = interest::absent;
    ::close(std::exchange(fd_, -1));
}

void stream::check() const noexcept {
    const bool owns = state_ != state::closed && state_ != state::released;
    expects(owns == (fd_ >= 0), "1: a descriptor as long as one is needed");
    expects(state_ != state::open || receiver_ != nullptr, "3: open has a receiver");
}

}  // namespace nightjar::io::readiness
