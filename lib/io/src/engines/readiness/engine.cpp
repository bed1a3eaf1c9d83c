#include "engines/readiness/engine.hpp"

#include "engines/readiness/attempt.hpp"
#include "engines/readiness/watch.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <time.h>

#include <algorithm>

namespace nightjar::io::readiness {
namespace {

constexpr duration listener_rest = 100ms;

}  // namespace

instant engine::now() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_MONOTONIC, &at);
    return instant(std::chrono::seconds(at.tv_sec) + duration(at.tv_nsec));
}

result<std::unique_ptr<io::listener>> engine::listen(const listen_options& how, acceptor& who) {
    auto socket = os::open_listener(how);
    if (!socket) return fail(socket.error());
    auto* inner = new accepting(on_, resting_, std::move(*socket), how.exclusive, who);
    auto made = std::make_unique<listener>(*inner);
    if (!inner->start()) return fail(os::last_error());
    return made;
}

result<std::unique_ptr<io::attempt>> engine::connect(const connect_options& how, connector& who) {
    auto socket = os::open_connector(how);
    if (!socket) return fail(socket.error());
    auto* inner = new connecting(on_, std::move(*socket), who);
    auto made = std::make_unique<attempt>(*inner);
    const error why = inner->start(how.to);
    if (why != error::none) return fail(why);
    return made;
}

result<io::stream*> engine::adopt(handle what) {
    const int fd = static_cast<int>(what.value());
    if (!what || !os::set_nonblocking(fd)) return fail(error::invalid);
    stream* made = on_.make_stream(fd);
    if (made == nullptr) return fail(error::no_room);
    what.take();
    return made;
}

result<std::unique_ptr<io::watch>> engine::observe(int descriptor, io::watch::watcher& who) {
    auto* inner = new watching(on_, descriptor, who);
    auto made = std::make_unique<watch>(*inner);
    const error why = inner->probe();
    if (why != error::none) return fail(why);
    return made;
}

instant engine::limit(instant until) noexcept {
    return on_.has_retired() ? instant::min() : std::min(until, end_of_rest());
}

void engine::finish_turn() noexcept {
    wake_rested();
    on_.settle();
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

}  // namespace nightjar::io::readiness
