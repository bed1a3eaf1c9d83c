#include "engines/epoll/engine.hpp"

#include "os/error.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <cerrno>

namespace nightjar::io::epoll {
namespace {

/// epoll_wait counts in whole milliseconds; rounded up, so that a wait never ends early only to
/// begin again.
int to_milliseconds(duration most) noexcept {
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    return static_cast<int>(std::min<long long>(whole, 1'000'000'000));
}

}  // namespace

bool poller::change(int fd, readiness::source& who, interest from, interest to) noexcept {
    if (from == to) return true;
    epoll_event what{};
    what.events = readiness::to_events(to);
    what.data.ptr = &who;
    if (to == interest::absent) return ::epoll_ctl(descriptor(), EPOLL_CTL_DEL, fd, nullptr) == 0;
    const int verb = from == interest::absent ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    return ::epoll_ctl(descriptor(), verb, fd, &what) == 0;
}

engine::engine(handle epoll, handle door, const engine_options& how)
    : readiness::engine(poller_), door_(std::move(door)), poller_(std::move(epoll), how) {}

bool engine::start() noexcept {
    epoll_event what{};
    what.events = EPOLLIN | std::uint32_t{EPOLLET};
    return ::epoll_ctl(poller_.descriptor(), EPOLL_CTL_ADD, static_cast<int>(door_.value()),
                       &what) == 0;
}

void engine::turn(instant until) noexcept {
    const std::size_t count = wait(until);
    for (std::size_t i = 0; i < count; ++i) {
        auto* who = static_cast<readiness::source*>(events_[i].data.ptr);
        if (who != nullptr) {
            who->on_event(events_[i].events);
        } else {
            knocked_.exchange(false, std::memory_order_acq_rel);
        }
    }
    finish_turn();
}

void engine::wake() noexcept {
    // Who finds the flag set knows that the turn has not come to the door yet, and what it left
    // will be seen after that.
    if (knocked_.exchange(true, std::memory_order_acq_rel)) return;
    const std::uint64_t one = 1;
    while (::write(static_cast<int>(door_.value()), &one, sizeof one) < 0 && errno == EINTR) {
    }
}

std::size_t engine::wait(instant until) noexcept {
    until = limit(until);
    int count = 0;
    if (until == instant::min()) {
        count = wait_for(duration::zero());
    } else if (until == never) {
        count = ::epoll_wait(poller_.descriptor(), events_.data(), static_cast<int>(events_.size()),
                             -1);
    } else {
        count = wait_for(std::max(until - now(), duration::zero()));
    }
    return static_cast<std::size_t>(std::max(count, 0));  // EINTR: a turn without events
}

int engine::wait_for(duration most) noexcept {
    const int room = static_cast<int>(events_.size());
    if (most == duration::zero())
        return ::epoll_wait(poller_.descriptor(), events_.data(), room, 0);
    if (has_pwait2_) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(most);
        const timespec limit{.tv_sec = whole.count(), .tv_nsec = (most - whole).count()};
        const int count =
            ::epoll_pwait2(poller_.descriptor(), events_.data(), room, &limit, nullptr);
        if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
        has_pwait2_ = false;  // a kernel before 5.11, or a container that does not know the call
    }
    return ::epoll_wait(poller_.descriptor(), events_.data(), room, to_milliseconds(most));
}

}  // namespace nightjar::io::epoll

namespace nightjar::io {

result<std::unique_ptr<engine>> make_epoll_engine(const engine_options& how) {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) return fail(os::last_error());
    handle owned = kernel_handle(epoll);
    const int door = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (door < 0) return fail(os::last_error());
    auto made = std::make_unique<epoll::engine>(std::move(owned), kernel_handle(door), how);
    if (!made->start()) return fail(os::last_error());
    return made;
}

}  // namespace nightjar::io
