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
    counter publish_messages_received;
    counter publish_messages_sent;
    counter publish_messages_dropped;      ///< At a limit of a subscriber's, or refused.
    std::array<counter, loss_kinds> lost;  ///< At a limit of a subscriber's, by `loss`.
    counter publish_bytes_received;        ///< Payload.
    counter publish_bytes_sent;
    counter connections_accepted;
    counter connections_refused;
    counter clients_connected;
    counter clients_disconnected;  ///< Kept sessions without a connection.
    counter messages_queued;
    counter letters_sent;  ///< To other workers.
};

}  // namespace nightjar::broker
