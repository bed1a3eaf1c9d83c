#include <fmt/format.h>

#include <list>

#include "../common/process_figures.hpp"
#include "crowd.hpp"
#include "scenarios.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr duration rest = 500ms;  // for what a broker still does after its last CONNACK

}  // namespace

double resident(world& where) {
    if (where.how.broker_pid == 0) return 0;
    const auto held = resident_bytes(where.how.broker_pid);
    if (!held) where.fail(fmt::format("there is no process {}", where.how.broker_pid));
    return static_cast<double>(held.value_or(0));
}

bool run_idle(world& where, findings& target) {
    std::list<peer> idlers;
    std::vector<peer*> peers;
    for (std::uint32_t i = 0; i < where.how.connections; ++i) {
        peers.push_back(&idlers.emplace_back(where, fmt::format("bench-i-{}", i)));
    }
    const double before = resident(where);
    const instant start = where.loop.engine().now();
    const bool went_well = open_all(where, peers);
    const double took = std::chrono::duration<double>(where.loop.engine().now() - start).count();
    if (went_well && where.run_for(rest)) {
        const double after = resident(where);
        target.add("connections", static_cast<double>(peers.size()));
        target.add("connect_s", took, 3);
        if (where.how.broker_pid != 0) {
            target.add("resident_before_bytes", before);
            target.add("resident_after_bytes", after);
            target.add("bytes_per_connection",
                       (after - before) / static_cast<double>(peers.size()));
        }
    }
    const std::string trouble = where.trouble;
    close_all(where, peers);
    where.trouble = trouble;
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
