#pragma once
// One listener's rules and its count of connections, shared by all workers that accept on it.

#include <nightjar/broker/config/config.hpp>
#include <nightjar/mqtt/server_session.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace nightjar::broker {

/// What a connection agreed to when it came in. Never changes: a reload makes new rules for those
/// that come later.
struct listener_rules {
    listener_config how;
    mqtt::server_policy policy;
};

/// Any thread.
class listener_door {
public:
    explicit listener_door(std::shared_ptr<const listener_rules> rules) : rules_(std::move(rules)) {
        most_.store(rules_->how.max_connections, std::memory_order_relaxed);
    }

    /// Counts one more in; false at the listener's max_connections.
    bool enter() noexcept {
        const int now = inside_.fetch_add(1, std::memory_order_relaxed) + 1;
        const int most = most_.load(std::memory_order_relaxed);
        if (most < 0 || now <= most) return true;
        leave();
        return false;
    }
    void leave() noexcept { inside_.fetch_sub(1, std::memory_order_relaxed); }

    /// For a connection that comes in now.
    std::shared_ptr<const listener_rules> rules() const {
        const std::lock_guard lock(mutex_);
        return rules_;
    }
    void replace(std::shared_ptr<const listener_rules> fresh) {
        most_.store(fresh->how.max_connections, std::memory_order_relaxed);
        const std::lock_guard lock(mutex_);
        rules_.swap(fresh);
    }

private:
    mutable std::mutex mutex_;  // guards rules_
    std::shared_ptr<const listener_rules> rules_;
    std::atomic<int> most_{-1};
    std::atomic<int> inside_{0};
};

}  // namespace nightjar::broker
