#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nightjar::app::benchmark {

/// To sleep until the next message is due makes the load late by what a wake-up takes; whoever can
/// spare a processor for it lets it spin instead.
void world::turn(instant limit) {
    if (next_due != never && how.spin) return loop.run_once(instant::min());
    loop.run_once(std::min({limit, next_due, next_look}));
}

/// In an open loop silence is long only beyond what the schedule itself leaves empty.
duration world::patience() const noexcept {
    const double gap_s = how.rate > 0 ? 1 / how.rate : 0;
    return std::chrono::duration_cast<duration>(
        std::chrono::duration<double>(how.timeout_s + gap_s));
}

bool world::run_until(const std::function<bool()>& done,
                      const std::function<std::string()>& missing) {
    while (trouble.empty() && !done()) {
        const instant limit = heard_at_ + patience();
        turn(limit);
        if (received != heard_) {
            heard_ = received;
            heard_at_ = loop.now();
        } else if (loop.now() >= limit) {
            fail(fmt::format("timed out: nothing came for {} s; {}", how.timeout_s, missing()));
        }
    }
    return trouble.empty();
}

bool world::run_for(duration length) {
    const instant end = loop.engine().now() + length;
    while (trouble.empty() && loop.engine().now() < end) turn(end);
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
