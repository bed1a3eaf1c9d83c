#include "engines/libevent/home.hpp"

#include "os/error.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

namespace nightjar::io::libevent {
namespace {

void on_alarm(evutil_socket_t, short, void*) noexcept {}  // that it ended the wait is all it is for

event_base* make_base() noexcept {
    event_config* const how = ::event_config_new();
    if (how == nullptr) return nullptr;
    ::event_config_set_flag(how, EVENT_BASE_FLAG_NOLOCK);
    event_base* const made = ::event_base_new_with_config(how);
    ::event_config_free(how);
    return made;
}

}  // namespace

result<std::unique_ptr<home>> home::open() {
    std::unique_ptr<home> made(new home);
    made->base_ = make_base();
    if (made->base_ == nullptr) return fail(error::no_room);
    const int door = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (door < 0) return fail(os::last_error());
    made->door_ = kernel_handle(door);
    ::event_assign(&made->alarm_, made->base_, -1, 0, on_alarm, nullptr);
    ::event_assign(&made->knock_, made->base_, door, EV_READ | EV_PERSIST, on_knock, made.get());
    made->is_open_ = true;
    if (::event_add(&made->knock_, nullptr) != 0) return fail(error::no_room);
    return made;
}

home::~home() {
    if (is_open_) {
        ::event_del(&alarm_);
        ::event_del(&knock_);
    }
    if (base_ != nullptr) ::event_base_free(base_);
}

void home::run_once(duration most) noexcept {
    if (most <= duration::zero()) {
        ::event_base_loop(base_, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        return;
    }
    if (most == duration::max()) {
        ::event_del(&alarm_);
    } else {
        const auto whole = std::chrono::floor<std::chrono::seconds>(most);
        const auto rest = std::chrono::ceil<std::chrono::microseconds>(most - whole);
        const timeval limit{.tv_sec = whole.count(), .tv_usec = rest.count()};
        ::event_add(&alarm_, &limit);
    }
    ::event_base_loop(base_, EVLOOP_ONCE);
}

void home::wake() noexcept {
    // Who finds the flag set knows that the turn has not come to the door yet, and what it left
    // will be seen after that.
    if (knocked_.exchange(true, std::memory_order_acq_rel)) return;
    const std::uint64_t one = 1;
    while (::write(static_cast<int>(door_.value()), &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void home::on_knock(evutil_socket_t, short, void* self) noexcept {
    auto& mine = *static_cast<home*>(self);
    std::uint64_t count = 0;
    // Read before the flag falls: a knock after that is an event of its own.
    if (::read(static_cast<int>(mine.door_.value()), &count, sizeof count) < 0) return;
    mine.knocked_.exchange(false, std::memory_order_acq_rel);
}

}  // namespace nightjar::io::libevent
