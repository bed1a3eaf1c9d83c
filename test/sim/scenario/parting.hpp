#pragma once
// How a client leaves when nothing disturbs it, and what follows from that by the standard: when
// its will is published, and whether its session still is there when it returns.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/mqtt/types.hpp>

#include <optional>

namespace nightjar::sim {

inline constexpr std::uint32_t expiry_never = 0xFFFFFFFF;  // MQTT 5.0, 3.1.2.11.2

struct parting {
    enum class manner : std::uint8_t { in_order, with_will, rude };

    manner how{};
    bool has_will = false;
    std::uint32_t delay_s = 0;        ///< Will Delay Interval.
    std::uint32_t expiry_s = 0;       ///< Session Expiry Interval.
    std::optional<duration> returns;  ///< So long after it has left; never on a whole second.
    bool returns_clean = false;

    static constexpr duration all_over = 15s;  ///< All that was drawn has happened by then.
    static parting draw(prng& from, mqtt::version v);

    /// How long after it has left its will is published, if ever. [MQTT-5 3.1.3.2.2]
    std::optional<duration> will_due() const noexcept;
    /// For one that returns. [MQTT-5 3.1.2.11.2]
    bool session_waits() const noexcept;
};

}  // namespace nightjar::sim
