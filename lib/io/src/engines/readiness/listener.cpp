#include "engines/readiness/listener.hpp"

#include "engines/readiness/poller.hpp"
#include "os/address.hpp"
#include "os/error.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <nightjar/base/expects.hpp>

#include <cerrno>

namespace nightjar::io::readiness {
namespace {

constexpr int accepted_per_turn_max =
    64;  // so that a storm of newcomers does not starve the connected

bool is_out_of_something(int number) noexcept {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

}  // namespace

bool accepting::start() noexcept {
    tell_kernel();
    return interest_ != interest::absent;
}

void accepting::stop() noexcept {
    who_ = nullptr;
    list_hook<rest_tag>::unlink();
    on_.change(fd(), *this, interest_, interest::absent);
    socket_.reset();
    on_.retire(*this);
}

void accepting::pause() noexcept {
    paused_ = true;
    tell_kernel();
}

void accepting::resume() noexcept {
    paused_ = false;
    tell_kernel();
}

endpoint accepting::local() const noexcept { return os::local_of(fd()); }

void accepting::end_rest() noexcept {
    list_hook<rest_tag>::unlink();
    rests_until_ = never;
    tell_kernel();
}

void accepting::on_event(std::uint32_t) noexcept {
    for (int n = 0; n < accepted_per_turn_max; ++n) {
        const bool may_go_on = who_ != nullptr && !paused_ && !rest_list::is_linked(*this);
        if (!may_go_on || !accept_one()) return;
    }
}

/// False when there is nothing more to accept.
bool accepting::accept_one() noexcept {
    const int fresh = ::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fresh < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
        if (is_out_of_something(errno)) on_trouble(os::last_error());
        return true;  // else it was that one connection's trouble: the next one may be sound.
                      // [accept(2)]
    }
    stream* made = on_.make_stream(fresh);
    if (made == nullptr) {
        ::close(fresh);
        on_trouble(error::no_room);
        return false;
    }
    if (std::exchange(failing_, false)) who_->on_accept_recovered();
    if (who_ == nullptr) {  // stopped by that call
        made->close();
        return false;
    }
    who_->on_accept(*made);
    expects(made->is_taken(), "an acceptor attaches, closes or releases before it returns");
    return true;
}

void accepting::on_trouble(error why) noexcept {
    resting_.push_back(*this);
    tell_kernel();
    if (!std::exchange(failing_, true)) who_->on_accept_failed(why);
}

void accepting::tell_kernel() noexcept {
    const bool wants = !paused_ && !rest_list::is_linked(*this);
    const interest shared = wants ? interest::exclusive : interest::absent;
    const interest wanted = exclusive_ ? shared : to_interest(wants, false);
    if (on_.change(fd(), *this, interest_, wanted)) interest_ = wanted;
}

}  // namespace nightjar::io::readiness
