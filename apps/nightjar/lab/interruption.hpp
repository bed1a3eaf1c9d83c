#pragma once
// Ctrl-C, SIGTERM and SIGHUP as something to ask for: they wait while this lives, so that a run can
// end its servers first, and do what they always do afterwards.

#include <csignal>

namespace nightjar::app::lab {

class interruption {
public:
    interruption() noexcept {
        sigset_t held;
        sigemptyset(&held);
        for (const int one : signals) sigaddset(&held, one);
        ::pthread_sigmask(SIG_BLOCK, &held, &before_);
    }
    ~interruption() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;

    /// One system call.
    bool has_come() const noexcept {
        sigset_t waiting;
        if (::sigpending(&waiting) != 0) return false;
        for (const int one : signals) {
            if (sigismember(&waiting, one) == 1) return true;
        }
        return false;
    }

private:
    static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t before_;
};

}  // namespace nightjar::app::lab
