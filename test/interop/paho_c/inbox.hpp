#pragma once
// What a client's own thread reports, kept in order until a test asks for it.

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace nightjar::interop {

inline constexpr std::chrono::seconds patience{20};

template <class What>
class inbox {
public:
    void put(What one) {
        {
            const std::lock_guard lock(mutex_);
            came_.push_back(std::move(one));
        }
        news_.notify_all();
    }
    /// None: it did not come within what takes milliseconds on a machine that is not overloaded.
    std::optional<What> next() {
        std::unique_lock lock(mutex_);
        if (!news_.wait_for(lock, patience, [this] { return !came_.empty(); })) return {};
        What first = std::move(came_.front());
        came_.pop_front();
        return first;
    }

private:
    std::mutex mutex_;
    std::condition_variable news_;
    std::deque<What> came_;
};

/// A name that no other test uses, nor the same test in another process.
inline std::string unique(const std::string& stem) {
    static int serial = 0;
    return stem + "/" + std::to_string(getpid()) + "/" + std::to_string(++serial);
}

/// The broker that run_with_broker.py started.
inline std::string address() {
    const char* port = std::getenv("NIGHTJAR_PORT");
    return std::string("tcp://127.0.0.1:") + (port ? port : "1883");
}

}  // namespace nightjar::interop
