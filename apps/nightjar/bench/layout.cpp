#include <fmt/format.h>

#include "traffic.hpp"

namespace nightjar::app::benchmark {

flow& cast::add_flow(publisher& source, std::string topic) {
    const auto index = static_cast<std::uint32_t>(flows.size());
    flow& made = flows.emplace_back(flow{.index = index, .topic = std::move(topic)});
    source.add(made);
    return made;
}

/// Subscribers first: what they are to get must not be sent before they have asked for it.
std::vector<peer*> cast::peers() {
    std::vector<peer*> all;
    for (subscriber& one : subscribers) all.push_back(&one);
    for (publisher& one : publishers) all.push_back(&one);
    return all;
}

void lay_groups(world& where, cast& target) {
    for (std::uint32_t i = 0; i < where.how.groups; ++i) {
        publisher& source = target.publishers.emplace_back(where, fmt::format("bench-p-{}", i));
        flow& made = target.add_flow(source, fmt::format("bench/{}", i));
        for (std::uint32_t k = 0; k < where.how.subscribers; ++k) {
            target.subscribers
                .emplace_back(where, fmt::format("bench-s-{}-{}", i, k), std::vector{made.topic})
                .expect(made);
        }
    }
}

void lay_fanin(world& where, cast& target) {
    subscriber& all =
        target.subscribers.emplace_back(where, "bench-s-0-0", std::vector<std::string>{"bench/+"});
    for (std::uint32_t i = 0; i < where.how.groups; ++i) {
        publisher& source = target.publishers.emplace_back(where, fmt::format("bench-p-{}", i));
        all.expect(target.add_flow(source, fmt::format("bench/{}", i)));
    }
}

}  // namespace nightjar::app::benchmark
