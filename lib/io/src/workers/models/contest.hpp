#pragma once
// Who of several processes accepts from the socket that they share: the one that holds a mutex.
//
// A worker that holds it keeps it until connections have come, lets it go at the end of that turn,
// and tries again in a later one, so that the others have their chance in between. Whoever does not
// hold it tries once a turn, and every 50 ms if it has no turns. A worker that has clearly more
// connections than the others lets them try first.

#include <pthread.h>

#include "workers/models/counters.hpp"
#include "workers/models/door.hpp"

namespace nightjar::io::models {

/// A mutex between processes that survives the death of who held it. [pthread_mutexattr_setrobust]
class accept_mutex {
public:
    static result<std::unique_ptr<accept_mutex>> make();
    ~accept_mutex();
    accept_mutex(const accept_mutex&) = delete;
    accept_mutex& operator=(const accept_mutex&) = delete;

    bool try_lock() noexcept;
    void unlock() noexcept { ::pthread_mutex_unlock(mutex_); }

private:
    explicit accept_mutex(pthread_mutex_t* mutex) noexcept : mutex_(mutex) {}
    pthread_mutex_t* mutex_;
};

/// All who share the socket.
struct rivals {
    counter_table& rows;
    unsigned workers = 1;

    /// Of a worker with so many connections: that is more than its share, and some.
    bool is_ahead(std::uint64_t connections) const noexcept;
};

class contest final : private turn_hook {
public:
    static result<std::unique_ptr<contest>> enter(loop& home, int socket, accept_mutex& mutex,
                                                  const rivals& others, newcomers& to);
    ~contest();

private:
    contest(loop& home, accept_mutex& mutex, const rivals& others, newcomers& to) noexcept
        : home_(home), mutex_(mutex), others_(others), to_(to) {}
    void on_turn() noexcept override;
    void let_go(bool has_taken) noexcept;
    void end_wait() noexcept { may_try_ = true; }

    loop& home_;
    accept_mutex& mutex_;
    const rivals others_;
    newcomers& to_;
    std::unique_ptr<door> door_;
    bool holds_ = false;
    bool may_try_ = true;
    timeout<contest, &contest::end_wait> again_{*this};
};

}  // namespace nightjar::io::models
