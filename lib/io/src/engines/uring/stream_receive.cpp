// How a stream receives: arming, lending, holding back while paused, and taking it off the loop.

#include "engines/uring/core.hpp"
#include "engines/uring/stream.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <poll.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nightjar::io::uring {
namespace {

constexpr std::size_t held_slice_bytes = 16 * 1024;

/// No fault of the connection's: out of buffers, cancelled by ourselves, or interrupted. It is
/// armed again if wanted.
bool is_passing(int code) noexcept {
    return code == -ENOBUFS || code == -ECANCELED || code == -EAGAIN || code == -EINTR;
}

}  // namespace

void stream::arm() noexcept {
    io_uring_sqe& to = on_.ring().entry();
    if (warm_) {
        ::io_uring_prep_recv_multishot(&to, fd_, nullptr, 0, 0);
    } else {
        ::io_uring_prep_recv(&to, fd_, nullptr, 0, 0);
    }
    to.flags |= IOSQE_BUFFER_SELECT;
    to.buf_group = buffers::group;
    to.user_data = tag_of(kind::receive).number();
    receiving_ = true;
    receive_cancelled_ = false;
}

/// Without events of its own a poll reports faults and hang-ups; as multishot once per change.
void stream::watch() noexcept {
    io_uring_sqe& to = on_.ring().entry();
    ::io_uring_prep_poll_multishot(&to, fd_, 0);
    to.user_data = tag_of(kind::fault).number();
    watching_ = true;
    watch_cancelled_ = false;
}

void stream::on_fault(const completion& what) noexcept {
    if (what.is_last()) {
        watching_ = false;
        unsettle();
    }
    const bool is_fault = what.result > 0 && (what.result & POLLERR) != 0;
    if (!is_fault || is_over() || is_wanting()) return;  // who receives hears it in order
    const int number = os::take_error(fd_);
    fail(number != 0 ? os::to_error(number) : error(error::reset));
}

void stream::pause() noexcept {
    if (std::exchange(paused_, true)) return;
    if (state_ == state::open) unsettle();
}

void stream::resume() noexcept {
    if (!std::exchange(paused_, false)) return;
    if (state_ != state::fresh) unsettle();
}

void stream::on_received(const completion& what, bytes lent) noexcept {
    if (what.is_last()) {
        receiving_ = false;
        receive_cancelled_ = false;
        unsettle();
    }
    if (what.result > 0) return on_bytes(lent);
    if (what.result == 0) return on_peer_ended();
    if (!is_passing(what.result) && !is_over()) fail(os::to_error(-what.result));
}

/// A failed stream still hears what had come before the fault.
void stream::on_bytes(bytes lent) noexcept {
    warm_ = true;
    if (state_ == state::closed || ended_) return;
    if (releasing_ || (!paused_ && !held_)) return receiver_->on_data(lent);
    if (!held_) held_ = std::make_unique<held_back>();
    held_->room.insert(held_->room.end(), lent.begin(), lent.end());
    check();
}

void stream::on_peer_ended() noexcept {
    if (std::exchange(ended_, true) || is_over()) return;
    if (!paused_ && !held_ && !releasing_) return tell_end();
    end_untold_ = true;
    unsettle();
}

void stream::tell_end() noexcept {
    end_untold_ = false;
    core& on = on_;
    const id<stream> me = on.name_of(*this);
    const bool stays = receiver_->on_end();
    if (!stays && on.is_alive(me) && !is_over()) fail(error::end_of_stream);
}

/// What came while paused, then the end if it came. May free it.
void stream::tell_held() noexcept {
    core& on = on_;
    const id<stream> me = on.name_of(*this);
    if (held_) {
        on.delivered();
        deliver_held();
    }
    if (!on.is_alive(me) || !end_untold_ || is_over() || paused_ || held_) return;
    on.delivered();
    tell_end();
}

/// Promise: something is held. In slices no larger than the ring's, so that who pauses again gets
/// no more than one; each in room of its own, as release() from inside delivers the rest. May free
/// it.
void stream::deliver_held() noexcept {
    core& on = on_;
    const id<stream> me = on.name_of(*this);
    std::vector<byte> slice;
    do {
        const bytes left = bytes(held_->room).subspan(held_->told);
        const bytes next = left.first(std::min(left.size(), held_slice_bytes));
        slice.assign(next.begin(), next.end());
        held_->told += next.size();
        if (next.size() == left.size()) held_.reset();
        receiver_->on_data(slice);
    } while (on.is_alive(me) && held_ && state_ != state::closed && (!paused_ || releasing_));
}

handle stream::release() noexcept {
    if (is_over() || releasing_) return {};
    expects(sending_ == 0, "no write in flight when a stream is released");
    releasing_ = true;
    if (held_) deliver_held();
    if (receiving_) on_.finish_receive(on_.name_of(*this));
    releasing_ = false;
    if (is_over() || sending_ != 0) {  // what it was told just now made it stay
        unsettle();
        return {};
    }
    if (watching_) cancel(kind::fault, watch_cancelled_);
    core& on = on_;
    handle out = kernel_handle(std::exchange(fd_, -1));
    on.free_stream(*this);
    return out;
}

}  // namespace nightjar::io::uring
