#include "engines/uring/ring.hpp"

#include "engines/uring/setup.hpp"

#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <cerrno>
#include <utility>

namespace nightjar::io::uring {
namespace {

completion from(const io_uring_cqe& raw) noexcept {
    return {tag(raw.user_data), raw.res, raw.flags};
}

/// A wait that ended early, or a kernel that wants its completions taken first: the next turn does
/// what is left.
bool is_passing(int code) noexcept {
    return code >= 0 || code == -ETIME || code == -EINTR || code == -EAGAIN || code == -EBUSY ||
           code == -ENOMEM;
}

}  // namespace

ring::~ring() {
    for (const int descriptor : doomed_) ::close(descriptor);
    if (is_open_) ::io_uring_queue_exit(&raw_);
}

error ring::open() noexcept {
    const error why = open_ring(raw_);
    is_open_ = why == error::none;
    return why;
}

io_uring_sqe& ring::entry() noexcept {
    io_uring_sqe* fresh = ::io_uring_get_sqe(&raw_);
    while (fresh == nullptr) {
        make_room();
        fresh = ::io_uring_get_sqe(&raw_);
    }
    return *fresh;
}

void ring::cancel(tag which, tag miss) noexcept {
    io_uring_sqe& ask = entry();
    ::io_uring_prep_cancel64(&ask, which.number(), 0);
    ask.flags |= IOSQE_CQE_SKIP_SUCCESS;
    ask.user_data = miss.number();
}

void ring::enter(duration most) noexcept {
    enable();
    if (most == duration::zero()) return handed_over(::io_uring_submit_and_get_events(&raw_));
    const auto whole = std::chrono::floor<std::chrono::seconds>(most);
    __kernel_timespec limit{.tv_sec = whole.count(), .tv_nsec = (most - whole).count()};
    io_uring_cqe* first = nullptr;
    handed_over(::io_uring_submit_and_wait_timeout(
        &raw_, &first, 1, most < duration::zero() ? nullptr : &limit, nullptr));
}

void ring::hand_over() noexcept {
    if (!is_enabled_) return;
    // Whoever ends on another thread than the one of the turns leaves it to the ring's own end.
    const int code = ::io_uring_submit_and_get_events(&raw_);
    if (code >= 0) handed_over(code);
}

bool ring::next(completion& out) noexcept {
    if (first_kept_ < kept_.size()) {
        out = kept_[first_kept_++];
        return true;
    }
    kept_.clear();
    first_kept_ = 0;
    io_uring_cqe* raw = nullptr;
    if (::io_uring_cq_ready(&raw_) == 0 || ::io_uring_peek_cqe(&raw_, &raw) != 0) return false;
    out = from(*raw);
    ::io_uring_cqe_seen(&raw_, raw);
    return true;
}

void ring::enable() noexcept {
    if (std::exchange(is_enabled_, true)) return;
    expects(enable_ring(raw_) == 0, "a ring that was set up can be enabled");
}

void ring::make_room() noexcept {
    enable();
    const int code = ::io_uring_submit(&raw_);
    handed_over(code);
    if (code > 0) return;
    keep();  // an overflowing completion queue may be what stops it
    handed_over(::io_uring_get_events(&raw_));
}

void ring::keep() noexcept {
    while (::io_uring_cq_ready(&raw_) > 0) {
        io_uring_cqe* raw = nullptr;
        if (::io_uring_peek_cqe(&raw_, &raw) != 0) return;
        kept_.push_back(from(*raw));
        ::io_uring_cqe_seen(&raw_, raw);
    }
}

void ring::handed_over(int code) noexcept {
    expects(is_passing(code), "a ring is entered by the thread of its first turn only");
    if (::io_uring_sq_ready(&raw_) != 0) return;
    scratch_.clear();
    for (const int descriptor : doomed_) ::close(descriptor);
    doomed_.clear();
}

}  // namespace nightjar::io::uring
