#include "workers/models/door.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace nightjar::io::models {
namespace {

constexpr int accepted_per_turn_max = 64;  // as the engines do: the connected shall not starve
constexpr duration rest_time = 100ms;

bool is_out_of_something(int number) noexcept {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

}  // namespace

result<std::unique_ptr<door>> door::make(loop& home, int socket, newcomers& to) {
    std::unique_ptr<door> made(new door(home, socket, to));
    auto seen = home.engine().observe(socket, *made);
    if (!seen) return fail(seen.error());
    made->watch_ = std::move(*seen);
    return made;
}

void door::open() noexcept {
    open_ = true;
    if (!rest_.is_armed()) watch_->want(watch::readable);
}

void door::close() noexcept {
    open_ = false;
    watch_->want(0);
}

void door::on_ready(unsigned) noexcept {
    for (int n = 0; n < accepted_per_turn_max && open_; ++n)
        if (!take_one()) return;
}

bool door::take_one() noexcept {
    if (!to_.has_room()) return close(), false;
    const int fresh = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fresh >= 0) {
        ++taken_;
        to_.take(kernel_handle(fresh));
        return true;
    }
    if (is_out_of_something(errno)) {
        rest_.start(home_, rest_time);
        watch_->want(0);
        return false;
    }
    // Any other trouble was that one connection's: the next one may be sound. [accept(2)]
    return errno != EAGAIN && errno != EWOULDBLOCK;
}

void door::end_rest() noexcept {
    if (open_) watch_->want(watch::readable);
}

}  // namespace nightjar::io::models
