#pragma once
// Who of several processes accepts from the socket that they share: the one that holds a mutex.
//
// A worker that holds it keeps it until connections have come, lets it go at the end of that turn,
// and tries again in a later one, so that the others have their chance in between. Whoever does not
// hold it tries once a turn, and every 50 ms if it has no turns.

#include <pthread.h>

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

class contest final : private turn_hook {
public:
    static result<std::unique_ptr<contest>> enter(loop& home, int socket, accept_mutex& mutex,
                                                  newcomers& to);
    ~contest();

private:
    contest(loop& home, accept_mutex& mutex, newcomers& to) noexcept
        : home_(home), mutex_(mutex), to_(to) {}
    void on_turn() noexcept override;
    void let_go(duration pause) noexcept;
    void try_again() noexcept {}  // the turn that the timer makes is enough

    loop& home_;
    accept_mutex& mutex_;
    newcomers& to_;
    std::unique_ptr<door> door_;
    bool holds_ = false;
    timeout<contest, &contest::try_again> again_{*this};
};

}  // namespace nightjar::io::models
