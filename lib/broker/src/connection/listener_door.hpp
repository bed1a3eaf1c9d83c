#pragma once
// One listener's rules and its count of connections, shared by all workers that accept on it.

#include <nightjar/broker/config/config.hpp>
#include <nightjar/mqtt/server_session.hpp>

#include <atomic>

namespace nightjar::broker {

struct listener_door {
    listener_door(const listener_config& config, const mqtt::server_policy& rules)
        : how(config), policy(rules) {}

    /// Counts one more in; false at the listener's max_connections. Any thread.
    bool enter() noexcept {
        const int now = inside.fetch_add(1, std::memory_order_relaxed) + 1;
        if (how.max_connections < 0 || now <= how.max_connections) return true;
        leave();
        return false;
    }
    void leave() noexcept { inside.fetch_sub(1, std::memory_order_relaxed); }

    listener_config how;
    mqtt::server_policy policy;
    std::atomic<int> inside{0};
};

}  // namespace nightjar::broker
