#include "engines/readiness/watch.hpp"

#include "engines/readiness/poller.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

namespace nightjar::io::readiness {

error watching::probe() noexcept {
    if (!on_.change(fd_, *this, interest::absent, interest::nothing)) {
        // EPERM is the kernel's word for a file that cannot be polled. [epoll_ctl(2)]
        return errno == EPERM ? error(error::unsupported, EPERM) : os::last_error();
    }
    on_.change(fd_, *this, interest::nothing, interest::absent);
    return error::none;
}

void watching::want(unsigned what) noexcept {
    // Paused is absent: a registered descriptor reports its hang-up for ever.
    const interest wanted = what == 0 ? interest::absent
                                      : to_interest((what & io::watch::readable) != 0,
                                                    (what & io::watch::writable) != 0);
    if (on_.change(fd_, *this, interest_, wanted)) interest_ = wanted;
}

void watching::stop() noexcept {
    who_ = nullptr;
    on_.change(fd_, *this, interest_, interest::absent);
    on_.retire(*this);
}

void watching::on_event(std::uint32_t events) noexcept {
    if (who_ == nullptr || interest_ == interest::absent) return;
    if (!on_.tells_faults()) events |= os::state_of(fd_);
    const unsigned what =
        ((events & EPOLLIN) != 0 ? unsigned{io::watch::readable} : 0U) |
        ((events & EPOLLOUT) != 0 ? unsigned{io::watch::writable} : 0U) |
        ((events & (EPOLLERR | EPOLLHUP)) != 0 ? unsigned{io::watch::broken} : 0U);
    who_->on_ready(what);
}

}  // namespace nightjar::io::readiness
