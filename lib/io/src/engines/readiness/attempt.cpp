#include "engines/readiness/attempt.hpp"

#include "engines/readiness/poller.hpp"
#include "os/address.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <cerrno>

namespace nightjar::io::readiness {

error connecting::start(const endpoint& to) noexcept {
    const os::address where = os::to_address(to);
    // EINTR: the attempt goes on by itself, as with EINPROGRESS. [connect(2)]
    if (::connect(fd(), where.raw(), where.size) != 0 && errno != EINPROGRESS && errno != EINTR) {
        return os::last_error();
    }
    is_watched_ = on_.change(fd(), *this, interest::absent, interest::write);
    return is_watched_ ? error(error::none) : os::last_error();
}

void connecting::stop() noexcept {
    if (socket_) leave();
    socket_.reset();
    on_.retire(*this);
}

void connecting::on_event(std::uint32_t) noexcept {
    if (!socket_) return;
    const int number = os::take_error(fd());
    leave();
    handle socket = std::move(socket_);
    if (number != 0) return who_->on_connect_failed(os::to_error(number));
    stream* made = on_.make_stream(static_cast<int>(socket.value()));
    if (made == nullptr) return who_->on_connect_failed(error::no_room);
    socket.take();
    who_->on_connected(*made);
    expects(made->is_taken(), "a connector attaches, closes or releases before it returns");
}

void connecting::leave() noexcept {
    if (is_watched_) on_.change(fd(), *this, interest::write, interest::absent);
    is_watched_ = false;
}

}  // namespace nightjar::io::readiness
