#include "world.hpp"

#include <fmt/format.h>

namespace nightjar::app::benchmark {

bool world::run_until(const std::function<bool()>& done,
                      const std::function<std::string()>& missing) {
    const auto patience =
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(how.timeout_s));
    std::uint64_t seen = received;
    instant limit = loop.engine().now() + patience;
    while (trouble.empty() && !done()) {
        loop.run_once(limit);
        if (received != seen) {
            seen = received;
            limit = loop.now() + patience;
        } else if (loop.now() >= limit) {
            fail(fmt::format("timed out: nothing came for {} s; {}", how.timeout_s, missing()));
        }
    }
    return trouble.empty();
}

bool world::run_for(duration length) {
    const instant end = loop.engine().now() + length;
    while (trouble.empty() && loop.engine().now() < end) loop.run_once(end);
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
