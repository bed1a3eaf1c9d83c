#include "engines/uring/stream.hpp"

#include "engines/uring/core.hpp"
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

namespace nightjar::io::uring {
namespace {

constexpr std::size_t pieces_max = 64;
constexpr std::size_t send_bytes_max = 1U << 30;  // a submission counts with 32 bits

struct gather {
    std::span<const bytes_view> pieces;
    std::size_t count = 0;  // that are not empty
    std::size_t bytes = 0;

    explicit gather(std::span<const bytes_view> from) noexcept
        : pieces(from.first(std::min(from.size(), pieces_max))) {
        for (const bytes_view piece : pieces) {
            bytes += piece.size();
            count += piece.empty() ? 0 : 1;
        }
    }
};

void prepare_send(io_uring_sqe& to, int fd, const gather& what) noexcept {
    const auto only = std::find_if(what.pieces.begin(), what.pieces.end(),
                                   [](bytes_view piece) { return !piece.empty(); });
    const std::size_t size = std::min(only->size(), send_bytes_max);
    ::io_uring_prep_send(&to, fd, only->data(), size, MSG_NOSIGNAL);
}

void prepare_sendmsg(io_uring_sqe& to, int fd, const gather& what, arena& room) noexcept {
    const std::span<iovec> list = room.take<iovec>(what.count);
    std::size_t at = 0;
    for (const bytes_view piece : what.pieces) {
        if (!piece.empty()) list[at++] = {const_cast<byte*>(piece.data()), piece.size()};
    }
    auto& message = room.take<msghdr>();
    message.msg_iov = list.data();
    message.msg_iovlen = list.size();
    ::io_uring_prep_sendmsg(&to, fd, &message, MSG_NOSIGNAL);
}

}  // namespace

stream::~stream() {
    if (fd_ >= 0) ::close(fd_);
}

void stream::attach(receiver& who) noexcept {
    receiver_ = &who;
    if (state_ != state::fresh) return;
    state_ = state::open;
    unsettle();
    check();
}

std::size_t stream::write(std::span<const bytes_view> pieces) noexcept {
    if (state_ != state::open) return 0;
    expects(sending_ == 0, "one write is in flight at most");
    expects(!shutdown_asked_ || in_on_written_, "no write after shutdown()");
    const gather what(pieces);
    if (what.bytes == 0) return 0;
    io_uring_sqe& to = on_.ring().entry();
    if (what.count == 1) {
        prepare_send(to, fd_, what);
    } else {
        prepare_sendmsg(to, fd_, what, on_.ring().scratch());
    }
    if (stalled_) to.ioprio |= IORING_RECVSEND_POLL_FIRST;
    to.user_data = tag_of(kind::send).number();
    sending_ = static_cast<std::uint32_t>(std::min(what.bytes, send_bytes_max));
    return 0;
}

void stream::shutdown() noexcept {
    if (state_ != state::open || shutdown_asked_) return;
    shutdown_asked_ = true;
    if (sending_ == 0) ::shutdown(fd_, SHUT_WR);
}

void stream::close() noexcept {
    if (state_ == state::closed) return;
    // After a fault, that stays what on_closed tells.
    state_ = state::closed;
    unsettle();
}

void stream::abort() noexcept {
    if (state_ != state::closed) os::reset_on_close(fd_);
    close();
}

void stream::acknowledge_input() noexcept {
    if (state_ == state::open) os::acknowledge_now(fd_);
}

endpoint stream::peer() const noexcept { return os::peer_of(fd_); }
endpoint stream::local() const noexcept { return os::local_of(fd_); }

void stream::settle() noexcept {
    unsettled_ = false;
    core& on = on_;
    const id<stream> me = on.name_of(*this);
    if (state_ != state::closed && !paused_) tell_held();
    if (!on.is_alive(me)) return;
    if (is_over()) return leave();
    if (is_wanting()) {
        if (!receiving_) arm();
        if (watching_) cancel(kind::fault, watch_cancelled_);
    } else {
        if (receiving_) cancel(kind::receive, receive_cancelled_);
        if (!watching_) watch();
    }
}

void stream::on_sent(const completion& what) noexcept {
    const std::size_t asked = std::exchange(sending_, 0);
    send_cancelled_ = false;
    if (is_over()) return unsettle();
    const bool is_passing = what.result == -EAGAIN || what.result == -EINTR;
    if (what.result < 0 && !is_passing) return fail(os::to_error(-what.result));
    const std::size_t sent = what.result < 0 ? 0 : static_cast<std::size_t>(what.result);
    stalled_ = sent < asked;
    core& on = on_;
    const id<stream> me = on.name_of(*this);
    in_on_written_ = true;
    receiver_->on_written(sent);
    if (!on.is_alive(me)) return;
    in_on_written_ = false;
    if (state_ == state::open && shutdown_asked_ && sending_ == 0) ::shutdown(fd_, SHUT_WR);
}

tag stream::tag_of(kind what) const noexcept { return {what, on_.name_of(*this)}; }

void stream::unsettle() noexcept {
    if (!std::exchange(unsettled_, true)) on_.settle_later(*this);
}

void stream::fail(error why) noexcept {
    state_ = state::failed;
    why_ = why;
    unsettle();
}

/// Borrowed bytes stay borrowed until the kernel has let go of them: it says so with the last
/// completion.
void stream::leave() noexcept {
    if (receiving_) cancel(kind::receive, receive_cancelled_);
    if (sending_ != 0) cancel(kind::send, send_cancelled_);
    if (watching_) cancel(kind::fault, watch_cancelled_);
    if (!receiving_ && sending_ == 0 && !watching_) finish();
}

void stream::cancel(kind what, bool& is_cancelled) noexcept {
    if (!std::exchange(is_cancelled, true)) on_.ring().cancel(tag_of(what), tag_of(kind::miss));
}

void stream::on_miss() noexcept {
    receive_cancelled_ = send_cancelled_ = watch_cancelled_ = false;
    unsettle();
}

void stream::finish() noexcept {
    on_.delivered();
    if (state_ == state::failed) drain();
    if (state_ == state::closed) ::close(std::exchange(fd_, -1));
    // A failed one keeps its descriptor so long, so that the receiver can still ask whose it was.
    if (receiver_ != nullptr) receiver_->on_closed(why_);
    on_.free_stream(*this);
}

/// When a write finds the connection reset, the peer's last words may still be in the receive
/// queue: an MQTT client that says DISCONNECT and closes while we are sending to it must not be
/// taken for dead. Ends, as nothing is added to that queue.
void stream::drain() noexcept {
    std::array<byte, 4096> room;  // NOLINT: only what was read is looked at
    while (state_ == state::failed && !paused_ && !ended_) {
        const ssize_t n = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
        if (n <= 0) return;
        receiver_->on_data(bytes(room).first(static_cast<std::size_t>(n)));
    }
}

void stream::check() const noexcept {
    expects(fd_ >= 0, "1: a descriptor until it is freed");
    expects(state_ != state::open || receiver_ != nullptr, "2: open has a receiver");
    expects(!held_ || paused_ || unsettled_, "3: held bytes only while paused or until settle()");
}

}  // namespace nightjar::io::uring
