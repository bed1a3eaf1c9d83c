#pragma once
// Time as an argument. There is no `now()` here on purpose: protocols are told the time, only
// engines know a clock.

#include <chrono>
#include <cstdint>

namespace nightjar {

using duration = std::chrono::nanoseconds;

/// The clock that every `instant` counts on: monotonic, zero at some moment that only the engine
/// knows.
struct monotonic {
    using rep = nightjar::duration::rep;
    using period = nightjar::duration::period;
    using duration = nightjar::duration;
    using time_point = std::chrono::time_point<monotonic>;
    static constexpr bool is_steady = true;
};

using instant = monotonic::time_point;

/// Later than everything: the deadline of a machine that waits for nothing.
inline constexpr instant never = instant::max();

using namespace std::chrono_literals;

}  // namespace nightjar
