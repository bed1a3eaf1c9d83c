#include "engines/uring/watch.hpp"

#include "os/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

namespace nightjar::io::uring {
namespace {

unsigned to_mask(unsigned wanted) noexcept {
    return ((wanted & io::watch::readable) != 0 ? unsigned{POLLIN} : 0U) |
           ((wanted & io::watch::writable) != 0 ? unsigned{POLLOUT} : 0U);
}

unsigned from_mask(unsigned events) noexcept {
    return ((events & POLLIN) != 0 ? unsigned{io::watch::readable} : 0U) |
           ((events & POLLOUT) != 0 ? unsigned{io::watch::writable} : 0U) |
           ((events & (POLLERR | POLLHUP)) != 0 ? unsigned{io::watch::broken} : 0U);
}

}  // namespace

watch::~watch() {
    if (!on_.is_entered(name_)) return;
    stop();
    // A poll holds its file: unless it ends now, what the owner closes next stays open, and a port
    // bound, until the next turn.
    on_.ring().hand_over();
}

error watch::probe() noexcept {
    struct stat what {};
    if (::fstat(fd_, &what) != 0) return os::last_error();
    // Always ready, and never tells: the same answer as from epoll. [epoll_ctl(2) EPERM]
    if (S_ISREG(what.st_mode) || S_ISDIR(what.st_mode)) return {error::unsupported, EPERM};
    return error::none;
}

void watch::want(unsigned what) noexcept {
    if (what == wanted_) return;
    stop();
    wanted_ = what;
    if (wanted_ != 0) arm();
}

void watch::on_completion(const completion& what) noexcept {
    core& on = on_;
    const id<entry> me = name_;
    if (what.result <
        0) {  // the descriptor is gone; asking again would be answered at once, for ever
        wanted_ = 0;
        on.drop(name_);
        return who_.on_ready(broken);
    }
    who_.on_ready(from_mask(static_cast<unsigned>(what.result)));
    if (on.is_entered(me)) arm();
}

void watch::stop() noexcept {
    if (!on_.is_entered(name_)) return;
    on_.ring().cancel({kind::poll, name_});
    on_.drop(name_);
}

void watch::arm() noexcept {
    if (!on_.is_entered(name_)) name_ = on_.enter(*this);
    expects(static_cast<bool>(name_), "a table of operations that is never full");
    io_uring_sqe& to = on_.ring().entry();
    ::io_uring_prep_poll_add(&to, fd_, to_mask(wanted_));
    to.user_data = tag(kind::poll, name_).number();
}

}  // namespace nightjar::io::uring
