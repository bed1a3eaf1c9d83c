#include "engines/epoll/engine.hpp"

#include "engines/epoll/attempt.hpp"
#include "engines/epoll/watch.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <cerrno>

namespace nightjar::io::epoll {
namespace {

constexpr duration listener_rest = 100ms;

/// epoll_wait counts in whole milliseconds; rounded up, so that a wait never ends early only to
/// begin again.
int to_milliseconds(duration most) noexcept {
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    return static_cast<int>(std::min<long long>(whole, 1'000'000'000));
}

}  // namespace

engine::engine(handle epoll, handle door, const engine_options& how)
    : door_(std::move(door)), poller_(std::move(epoll), how) {}

bool engine::start() noexcept {
    epoll_event what{};
    what.events = EPOLLIN | std::uint32_t{EPOLLET};
    return ::epoll_ctl(poller_.descriptor(), EPOLL_CTL_ADD, static_cast<int>(door_.value()),
                       &what) == 0;
}

instant engine::now() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_MONOTONIC, &at);
    return instant(std::chrono::seconds(at.tv_sec) + duration(at.tv_nsec));
}

void engine::turn(instant until) noexcept {
    const std::size_t count = wait(until);
    for (std::size_t i = 0; i < count; ++i) {
        auto* who = static_cast<source*>(events_[i].data.ptr);
        if (who != nullptr) {
            who->on_event(events_[i].events);
        } else {
            knocked_.exchange(false, std::memory_order_acq_rel);
        }
    }
    wake_rested();
    poller_.settle();
}

void engine::wake() noexcept {
    // Who finds the flag set knows that the turn has not come to the door yet, and what it left
    // will be seen after that.
    if (knocked_.exchange(true, std::memory_order_acq_rel)) return;
    const std::uint64_t one = 1;
    while (::write(static_cast<int>(door_.value()), &one, sizeof one) < 0 && errno == EINTR) {
    }
}

result<std::unique_ptr<io::listener>> engine::listen(const listen_options& how, acceptor& who) {
    auto socket = os::open_listener(how);
    if (!socket) return fail(socket.error());
    auto* inner = new accepting(poller_, resting_, std::move(*socket), who);
    auto made = std::make_unique<listener>(*inner);
    if (!inner->start()) return fail(os::last_error());
    return made;
}

result<std::unique_ptr<io::attempt>> engine::connect(const connect_options& how, connector& who) {
    auto socket = os::open_connector(how);
    if (!socket) return fail(socket.error());
    auto* inner = new connecting(poller_, std::move(*socket), who);
    auto made = std::make_unique<attempt>(*inner);
    const error why = inner->start(how.to);
    if (why != error::none) return fail(why);
    return made;
}

result<io::stream*> engine::adopt(handle what) {
    const int fd = static_cast<int>(what.value());
    if (!what || !os::set_nonblocking(fd)) return fail(error::invalid);
    stream* made = poller_.make_stream(fd);
    if (made == nullptr) return fail(error::no_room);
    what.take();
    return made;
}

result<std::unique_ptr<io::watch>> engine::observe(int descriptor, io::watch::watcher& who) {
    auto* inner = new watching(poller_, descriptor, who);
    auto made = std::make_unique<watch>(*inner);
    const error why = inner->probe();
    if (why != error::none) return fail(why);
    return made;
}

std::size_t engine::wait(instant until) noexcept {
    until = std::min(until, end_of_rest());
    int count = 0;
    if (poller_.has_retired() || until == instant::min()) {
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

instant engine::end_of_rest() noexcept {
    instant first = never;
    for (accepting& one : resting_) {
        if (one.rests_until() == never) one.rest_until(now() + listener_rest);
        first = std::min(first, one.rests_until());
    }
    return first;
}

void engine::wake_rested() noexcept {
    if (resting_.empty()) return;
    const instant at = now();
    accepting::rest_list waiting;
    waiting.splice(resting_);
    while (accepting* one = waiting.pop_front()) {
        if (one->rests_until() <= at) {
            one->end_rest();
        } else {
            resting_.push_back(*one);
        }
    }
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
