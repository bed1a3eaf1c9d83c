#include "engines/uring/engine.hpp"

#include "engines/uring/attempt.hpp"
#include "engines/uring/listener.hpp"
#include "engines/uring/watch.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nightjar::io::uring {
namespace {

/// On a non-blocking socket io_uring answers EAGAIN instead of waiting.
bool set_blocking(const handle& socket) noexcept {
    int off = 0;
    return ::ioctl(static_cast<int>(socket.value()), FIONBIO, &off) == 0;
}

}  // namespace

error engine::start() noexcept {
    const error why = core_.open();
    if (why != error::none) return why;
    name_ = core_.enter(*this);
    watch_door();
    return error::none;
}

instant engine::now() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_MONOTONIC, &at);
    return instant(std::chrono::seconds(at.tv_sec) + duration(at.tv_nsec));
}

void engine::turn(instant until) noexcept {
    if (until == never) return core_.turn(duration(-1));
    // The past as a whole is further away than a duration reaches.
    const instant from = now();
    core_.turn(until > from ? until - from : duration::zero());
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
    if (!set_blocking(*socket)) return fail(os::last_error());
    const bool is_shared = how.existing >= 0;
    auto made = std::make_unique<listener>(core_, std::move(*socket), is_shared, who);
    if (!made->start()) return fail(error::no_room);
    return made;
}

result<std::unique_ptr<io::attempt>> engine::connect(const connect_options& how, connector& who) {
    auto socket = os::open_connector(how);
    if (!socket) return fail(socket.error());
    if (!set_blocking(*socket)) return fail(os::last_error());
    auto made = std::make_unique<attempt>(core_, std::move(*socket), who);
    if (!made->start(how.to)) return fail(error::no_room);
    return made;
}

result<io::stream*> engine::adopt(handle what) {
    if (!what || !set_blocking(what)) return fail(error::invalid);
    stream* const made = core_.make_stream(static_cast<int>(what.value()));
    if (made == nullptr) return fail(error::no_room);
    what.take();
    return made;
}

result<std::unique_ptr<io::watch>> engine::observe(int descriptor, io::watch::watcher& who) {
    auto made = std::make_unique<watch>(core_, descriptor, who);
    const error why = made->probe();
    if (why != error::none) return fail(why);
    return made;
}

void engine::on_completion(const completion& what) noexcept {
    knocked_.exchange(false, std::memory_order_acq_rel);
    if (what.is_last()) watch_door();
}

void engine::watch_door() noexcept {
    io_uring_sqe& to = core_.ring().entry();
    ::io_uring_prep_poll_multishot(&to, static_cast<int>(door_.value()), POLLIN);
    to.user_data = tag(kind::poll, name_).number();
}

}  // namespace nightjar::io::uring

namespace nightjar::io {

result<std::unique_ptr<engine>> make_uring_engine(const engine_options& how) {
    const int door = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (door < 0) return fail(os::last_error());
    auto made = std::make_unique<uring::engine>(kernel_handle(door), how);
    const error why = made->start();
    if (why != error::none) return fail(why);
    return made;
}

}  // namespace nightjar::io
