#pragma once
// What a worker counts. Written by its own thread, read by any: plain loads and stores, no
// read-modify-write.

#include <array>
#include <atomic>
#include <cstdint>

#include "session/losses.hpp"

namespace nightjar::broker {

class counter {
public:
    void add(std::uint64_t n = 1) noexcept { value_.store(get() + n, std::memory_order_relaxed); }
    void subtract(std::uint64_t n = 1) noexcept {
        value_.store(get() - n, std::memory_order_relaxed);
    }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Named after what $SYS/broker calls them.
struct counters {
    counter bytes_received;
    counter bytes_sent;
    counter messages_received;  ///< Packets of any type.
    counter messages_sent;
    counter publish_messages_received;
    counter publish_messages_sent;
    counter publish_messages_dropped;      ///< At a limit of a subscriber's, or refused.
    std::array<counter, loss_kinds> lost;  ///< At a limit of a subscriber's, by `loss`.
    counter publish_bytes_received;        ///< Payload.
    counter publish_bytes_sent;
    counter connections_accepted;
    counter connections_refused;
    counter connects;  ///< CONNECT packets accepted.
    counter clients_connected;
    counter clients_expired;
    counter clients_disconnected;  ///< Kept sessions without a connection.
    counter messages_queued;
    counter bytes_queued;      ///< Payload of those.
    counter output_bytes;      ///< Written by sessions, not yet by the network.
    counter output_publishes;  ///< PUBLISH packets in it, sent ones of a begun outbox included.
    counter subscriptions;     ///< Of this worker's sessions.
    counter shared_subscriptions;
    counter retained_refused;  ///< At max_retained_messages.
    counter letters_sent;      ///< To other workers.
};

}  // namespace nightjar::broker
