#include "engines/uring/listener.hpp"

#include "os/address.hpp"
#include "os/error.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <cerrno>
#include <utility>

namespace nightjar::io::uring {
namespace {

constexpr duration rest_time = 100ms;

bool is_out_of_something(int number) noexcept {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

}  // namespace

listener::~listener() {
    for (const int descriptor : kept_) ::close(descriptor);
    on_.drop(name_);
    disarm();
    if (resting_) on_.ring().cancel({kind::rest, name_});
    // The kernel keeps the socket until it has seen the cancellation; the port is free now.
    if (!is_shared_) ::shutdown(fd(), SHUT_RDWR);
    on_.ring().close_later(static_cast<int>(socket_.take()));
}

bool listener::start() noexcept {
    name_ = on_.enter(*this);
    if (!name_) return false;
    arm();
    return true;
}

endpoint listener::local() const noexcept { return os::local_of(fd()); }

void listener::pause() noexcept {
    if (std::exchange(paused_, true)) return;
    disarm();
}

void listener::resume() noexcept {
    if (!std::exchange(paused_, false)) return;
    if (!armed_ && !resting_) arm();
    if (kept_.empty()) return;
    io_uring_sqe& later = on_.ring().entry();
    ::io_uring_prep_nop(&later);
    later.user_data = tag(kind::nudge, name_).number();
}

void listener::on_completion(const completion& what) noexcept {
    if (what.of.kind() == kind::accept) return on_accepted(what);
    if (what.of.kind() == kind::nudge) return deliver_kept();
    if (what.of.kind() == kind::accept_miss) return paused_ || resting_ ? disarm() : void();
    resting_ = false;
    if (!armed_ && !paused_) arm();
}

void listener::on_accepted(const completion& what) noexcept {
    core& on = on_;
    const id<entry> me = name_;
    if (what.is_last()) armed_ = false;
    // Any other trouble was that one connection's: the next one may be sound. [accept(2)]
    if (is_out_of_something(-what.result)) on_trouble(os::to_error(-what.result));
    if (what.result >= 0) deliver(what.result);
    if (on.is_entered(me) && !armed_ && !paused_ && !resting_) arm();
}

void listener::deliver(int descriptor) noexcept {
    if (paused_) return kept_.push_back(descriptor);
    core& on = on_;
    stream* const made = on.make_stream(descriptor);
    if (made == nullptr) {
        ::close(descriptor);
        disarm();
        return on_trouble(error::no_room);
    }
    const id<entry> me = name_;
    const id<stream> fresh = on.name_of(*made);
    if (std::exchange(failing_, false)) who_.on_accept_recovered();
    if (!on.is_entered(me)) return made->close();  // destroyed by that call
    who_.on_accept(*made);
    expects(!on.is_alive(fresh) || made->is_taken(),
            "an acceptor attaches, closes or releases before it returns");
}

void listener::deliver_kept() noexcept {
    core& on = on_;
    const id<entry> me = name_;
    while (on.is_entered(me) && !paused_ && !kept_.empty()) {
        const int oldest = kept_.front();
        kept_.erase(kept_.begin());
        deliver(oldest);
    }
}

/// May destroy it.
void listener::on_trouble(error why) noexcept {
    if (!resting_) rest();
    if (!std::exchange(failing_, true)) who_.on_accept_failed(why);
}

void listener::arm() noexcept {
    io_uring_sqe& to = on_.ring().entry();
    ::io_uring_prep_multishot_accept(&to, fd(), nullptr, nullptr, SOCK_CLOEXEC);
    to.user_data = tag(kind::accept, name_).number();
    armed_ = true;
}

void listener::rest() noexcept {
    io_uring_sqe& to = on_.ring().entry();
    auto& time = on_.ring().scratch().take<__kernel_timespec>();
    time.tv_nsec = rest_time.count();
    ::io_uring_prep_timeout(&to, &time, 0, 0);
    to.user_data = tag(kind::rest, name_).number();
    resting_ = true;
}

void listener::disarm() noexcept {
    if (armed_) on_.ring().cancel({kind::accept, name_}, {kind::accept_miss, name_});
}

}  // namespace nightjar::io::uring
