#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "crowd.hpp"
#include "scenarios.hpp"
#include "subscribing_peer.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr std::uint32_t holders = 4;

/// Every fourth begins with a wildcard, so that a broker must look at it and not only at the first
/// level of the topic.
std::string filter_of(std::uint32_t index) {
    if (index % 4 == 3) return fmt::format("+/background/{}", index);
    return fmt::format("background/{}/{}", index % 1000, index);
}

/// Subscribes to its part of the filters.
class holder final : public subscribing_peer {
public:
    holder(world& where, std::uint32_t index)
        : subscribing_peer(where, fmt::format("bench-b-{}", index)), first_(index) {}

private:
    std::string filter(std::uint32_t index) override {
        const std::uint32_t number = first_ + index * holders;
        return number < world_.how.subscriptions ? filter_of(number) : std::string();
    }

    std::uint32_t first_;
};

}  // namespace

bool run_background(world& where, findings& target) {
    std::list<holder> all;
    std::vector<peer*> peers;
    for (std::uint32_t i = 0; i < holders; ++i) peers.push_back(&all.emplace_back(where, i));
    const double before = resident(where);
    const instant start = where.loop.engine().now();
    if (open_all(where, peers)) {
        const double took =
            std::chrono::duration<double>(where.loop.engine().now() - start).count();
        std::uint32_t granted = 0;
        for (const holder& one : all) granted += one.granted();
        target.add("subscriptions", static_cast<double>(granted));
        target.add("subscribe_s", took, 3);
        if (where.how.broker_pid != 0) {
            const double held = resident(where) - before;
            target.add("bytes_per_subscription",
                       held / std::max(1.0, static_cast<double>(granted)));
        }
        if (where.trouble.empty()) run_traffic(where, target);
    }
    const std::string trouble = where.trouble;
    close_all(where, peers);
    where.trouble = trouble;
    return trouble.empty();
}

}  // namespace nightjar::app::benchmark
