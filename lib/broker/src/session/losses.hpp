#pragma once
// What a subscriber did not get, and why. Counted for the metrics, and kept per client until the
// log has said it.

#include <nightjar/base/time.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace nightjar::broker {

/// Each is a limit; the comment names its option.
enum class loss : std::uint8_t {
    queue_messages,  ///< max_queued_messages
    queue_bytes,     ///< max_queued_bytes
    slow_reader,     ///< max_outgoing_buffer_bytes
    packet_size,     ///< The client's own Maximum Packet Size. [MQTT-3.1.2-25]
    memory,          ///< memory_limit
};
inline constexpr std::size_t loss_kinds = 5;

/// "its queue holds max_queued_messages", …: the rest of a sentence. Static storage.
std::string_view describe(loss why) noexcept;

/// One client's, from the first loss until it keeps up again or leaves.
struct loss_record {
    std::array<std::uint64_t, loss_kinds> by{};
    instant last{};

    void add(loss why, instant now) noexcept {
        ++by[static_cast<std::size_t>(why)];
        last = now;
    }
    std::uint64_t total() const noexcept;
    /// "12 messages (10: …; 2: …)"
    std::string text() const;
};

}  // namespace nightjar::broker
