#include "engines/libevent/poller.hpp"

#include "os/socket.hpp"

#include <event2/event_struct.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace nightjar::io::libevent {

struct poller::post {
    event read{};
    event write{};
    event silent{};  // of which nothing is wanted: hears of it once more when something changes
    readiness::source* who = nullptr;
    interest wanted = interest::absent;

    ~post() {
        ::event_del(&read);
        ::event_del(&write);
        ::event_del(&silent);
    }
};

namespace {

using readiness::interest;

bool wants(interest what, unsigned bit) noexcept {
    return what != interest::absent && (static_cast<unsigned>(what) & bit) != 0;
}

/// Whether the kernel can watch it. libevent would say so on standard error. [epoll_ctl(2) EPERM]
bool is_file(int fd) noexcept {
    struct stat what {};
    return ::fstat(fd, &what) == 0 && (S_ISREG(what.st_mode) || S_ISDIR(what.st_mode));
}

bool turn_to(event& which, bool wanted, bool has) noexcept {
    if (wanted == has) return true;
    return (wanted ? ::event_add(&which, nullptr) : ::event_del(&which)) == 0;
}

}  // namespace

poller::poller(event_base* on, const engine_options& how)
    : readiness::poller(how, false), base_(on) {}

poller::~poller() { discard(); }

bool poller::change(int fd, readiness::source& who, interest from, interest to) noexcept {
    if (from == to) return true;
    const auto index = static_cast<std::size_t>(fd);
    if (to == interest::absent) {
        posts_[index].reset();
        return true;
    }
    post* const at = from == interest::absent ? place(fd, who) : posts_[index].get();
    if (at == nullptr) return false;
    if (watch(*at, to)) return true;
    if (from == interest::absent) posts_[index].reset();
    return false;
}

poller::post* poller::place(int fd, readiness::source& who) noexcept {
    if (is_file(fd)) {
        errno = EPERM;
        return nullptr;
    }
    const auto index = static_cast<std::size_t>(fd);
    if (index >= posts_.size()) posts_.resize(index + index / 2 + 64);
    auto made = std::make_unique<post>();
    ::event_assign(&made->read, base_, fd, EV_READ | EV_PERSIST, on_ready, made.get());
    ::event_assign(&made->write, base_, fd, EV_WRITE | EV_PERSIST, on_ready, made.get());
    ::event_assign(&made->silent, base_, fd, EV_READ | EV_PERSIST | EV_ET, on_change, made.get());
    made->who = &who;
    return (posts_[index] = std::move(made)).get();
}

/// What goes is taken away first: libevent does not mix edges and levels on one descriptor.
bool poller::watch(post& which, interest wanted) noexcept {
    const interest had = std::exchange(which.wanted, wanted);
    if (had == interest::nothing) ::event_del(&which.silent);
    const bool is_done = turn_to(which.write, wants(wanted, 2), wants(had, 2)) &&
                         turn_to(which.read, wants(wanted, 1), wants(had, 1));
    return is_done && (wanted != interest::nothing || ::event_add(&which.silent, nullptr) == 0);
}

/// libevent reports a broken descriptor as ready for everything; the call on it then says why.
void poller::on_ready(evutil_socket_t, short events, void* which) noexcept {
    const std::uint32_t found = ((events & EV_READ) != 0 ? std::uint32_t{EPOLLIN} : 0U) |
                                ((events & EV_WRITE) != 0 ? std::uint32_t{EPOLLOUT} : 0U);
    static_cast<post*>(which)->who->on_event(found);
}

/// Bytes came, or the end, or a fault, and nobody is reading: only the latter two are told.
void poller::on_change(evutil_socket_t fd, short, void* which) noexcept {
    const std::uint32_t found = os::state_of(fd);
    if (found != 0) static_cast<post*>(which)->who->on_event(found);
}

}  // namespace nightjar::io::libevent
