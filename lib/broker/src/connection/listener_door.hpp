#pragma once
// One listener's rules and its count of connections, shared by all workers that accept on it.

#include <nightjar/base/time.hpp>
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
        take_over_limits();
    }

    /// Counts one more in; false at the listener's max_connections, or beyond its max_connect_rate.
    bool enter(instant at) noexcept {
        if (!is_in_rate(at)) return false;
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
        const std::lock_guard lock(mutex_);
        rules_.swap(fresh);
        take_over_limits();
    }

private:
    void take_over_limits() noexcept {
        most_.store(rules_->how.max_connections, std::memory_order_relaxed);
        rate_.store(rules_->how.max_connect_rate, std::memory_order_relaxed);
    }

    bool is_in_rate(instant at) noexcept {
        const std::uint32_t rate = rate_.load(std::memory_order_relaxed);
        if (rate == 0) return true;
        const auto second = static_cast<std::uint32_t>(
            std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
        std::uint64_t seen = arrivals_.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            const bool is_same = seen >> 32 == second;
            const auto came = is_same ? static_cast<std::uint32_t>(seen) : 0;
            if (came >= rate) return false;
            next = std::uint64_t{second} << 32 | (came + 1);
        } while (!arrivals_.compare_exchange_weak(seen, next, std::memory_order_relaxed));
        return true;
    }

    mutable std::mutex mutex_;  // guards rules_
    std::shared_ptr<const listener_rules> rules_;
    std::atomic<int> most_{-1};
    std::atomic<int> inside_{0};
    std::atomic<std::uint32_t> rate_{0};
    std::atomic<std::uint64_t> arrivals_{0};  // the second under way, and who came in it
};

}  // namespace nightjar::broker
