#pragma once
// Who is subscribed to what, as lines of the log: for an operator who asks (SIGUSR2).

#include "../event_log.hpp"
#include "router.hpp"

namespace nightjar::broker {

inline constexpr std::size_t roster_filters_max =
    100'000;                                              ///< Lines; a last one says how many more.
inline constexpr std::size_t roster_clients_max = 1'000;  ///< Names in a line.

/// A notice per filter with local subscribers, sorted by filter:
/// "  home/+/temp: sensor-1 (QoS 1), sensor-2 (QoS 0)". O(filters).
void write_subscriptions(const router& of, unsigned worker, event_log& to);

}  // namespace nightjar::broker
