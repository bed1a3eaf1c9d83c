#include "workers/models/contest.hpp"

#include "os/error.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <new>

namespace nightjar::io::models {
namespace {

constexpr duration between_tries = 50ms;
constexpr duration after_accepting = 1ms;
constexpr duration when_ahead = 2 * between_tries;  // all others have tried by then
constexpr std::uint64_t lead = 4;

}  // namespace

result<std::unique_ptr<accept_mutex>> accept_mutex::make() {
    void* room = ::mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return fail(os::last_error());
    auto* mutex = new (room) pthread_mutex_t;
    pthread_mutexattr_t how;
    ::pthread_mutexattr_init(&how);
    ::pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    const int problem = ::pthread_mutex_init(mutex, &how);
    ::pthread_mutexattr_destroy(&how);
    std::unique_ptr<accept_mutex> made(new accept_mutex(mutex));
    if (problem != 0) return fail(os::to_error(problem));
    return made;
}

accept_mutex::~accept_mutex() { ::munmap(mutex_, sizeof *mutex_); }

bool accept_mutex::try_lock() noexcept {
    const int outcome = ::pthread_mutex_trylock(mutex_);
    // Nothing but the right to accept hangs on it, so nothing can be left half done.
    if (outcome == EOWNERDEAD) ::pthread_mutex_consistent(mutex_);
    return outcome == 0 || outcome == EOWNERDEAD;
}

result<std::unique_ptr<contest>> contest::enter(loop& home, int socket, accept_mutex& mutex,
                                                const rivals& others, newcomers& to) {
    std::unique_ptr<contest> made(new contest(home, mutex, others, to));
    auto opened = door::make(home, socket, to);
    if (!opened) return fail(opened.error());
    made->door_ = std::move(*opened);
    made->again_.start(home, duration::zero());
    home.add_hook(*made);
    return made;
}

contest::~contest() {
    if (holds_) mutex_.unlock();
}

bool rivals::is_ahead(std::uint64_t connections) const noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        all += rows[i].connections.load(std::memory_order_relaxed);
    return connections * workers > all + lead * workers;
}

void contest::on_turn() noexcept {
    if (holds_) {
        const bool has_taken = door_->ask_taken() != 0;
        // The door closes by itself where there is no room for more.
        if (has_taken || !door_->is_open()) let_go(has_taken);
        return;
    }
    if (may_try_ && to_.has_room() && mutex_.try_lock()) {
        holds_ = true;
        again_.cancel();
        return door_->open();
    }
    if (!again_.is_armed()) again_.start(home_, between_tries);
}

void contest::let_go(bool has_taken) noexcept {
    door_->close();
    mutex_.unlock();
    holds_ = false;
    may_try_ = !others_.is_ahead(to_.connections());
    const duration pause = has_taken ? after_accepting : between_tries;
    again_.start(home_, may_try_ ? pause : when_ahead);
}

}  // namespace nightjar::io::models
