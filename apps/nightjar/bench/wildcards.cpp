// Topics bench/AREA/UNIT/SENSOR with `edge` values at each level, and filters of four shapes over
// them.
//
//   bench/AREA/+/SENSOR   bench/+/UNIT/SENSOR   bench/AREA/UNIT/#   +/AREA/UNIT/SENSOR
//
// A topic matches at most one filter of each shape. Each subscriber holds filters of one shape
// only, so that none of its filters overlap: the standard leaves open how often a message is sent
// then. [MQTT-5 3.3.4]
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "traffic.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr std::uint32_t shapes = 4;

struct place {
    std::uint32_t area, unit, sensor;
};

/// So many values per level that the shapes can hold all filters.
std::uint32_t edge_of(std::uint32_t filters) {
    std::uint32_t edge = 1;
    while (edge * edge * (3 + edge) < filters) ++edge;
    return edge;
}

std::string filter_of(std::uint32_t shape, const place& at) {
    switch (shape) {
        case 0: return fmt::format("bench/{}/+/{}", at.area, at.sensor);
        case 1: return fmt::format("bench/+/{}/{}", at.unit, at.sensor);
        case 2: return fmt::format("bench/{}/{}/#", at.area, at.unit);
        default: return fmt::format("+/{}/{}/{}", at.area, at.unit, at.sensor);
    }
}

/// The filters, the short shapes first: they are the ones that match many topics.
std::vector<std::pair<std::uint32_t, std::string>> make_filters(std::uint32_t count,
                                                                std::uint32_t edge) {
    std::vector<std::pair<std::uint32_t, std::string>> made;
    const auto add = [&](std::uint32_t shape, const place& at) {
        if (made.size() < count) made.emplace_back(shape, filter_of(shape, at));
    };
    for (std::uint32_t a = 0; a < edge; ++a) {
        for (std::uint32_t b = 0; b < edge; ++b) {
            add(0, {a, 0, b});
            add(1, {0, a, b});
            add(2, {a, b, 0});
        }
    }
    for (std::uint32_t i = 0; i < edge * edge * edge; ++i)
        add(3, {i / edge / edge, i / edge % edge, i % edge});
    return made;
}

/// Who holds which filter: subscriber s those of shape s modulo 4.
class holders {
public:
    holders(const options& how, std::uint32_t edge) : filters_(how.subscribers) {
        std::array<std::uint32_t, shapes> next{0, 1, 2, 3};
        for (auto& [shape, filter] : make_filters(how.subscriptions, edge)) {
            const std::uint32_t at = next[shape];
            next[shape] = at + shapes < how.subscribers ? at + shapes : shape;
            by_filter_.emplace(filter, at);
            filters_[at].push_back(std::move(filter));
        }
    }
    std::vector<std::string>& of(std::uint32_t subscriber) { return filters_[subscriber]; }
    /// Calls `on(subscriber)` for each whose filters match.
    template <class On>
    void each_match(const place& at, On&& on) const {
        for (std::uint32_t shape = 0; shape < shapes; ++shape) {
            const auto found = by_filter_.find(filter_of(shape, at));
            if (found != by_filter_.end()) on(found->second);
        }
    }

private:
    std::vector<std::vector<std::string>> filters_;
    std::unordered_map<std::string, std::uint32_t> by_filter_;
};

}  // namespace

void lay_wildcards(world& where, cast& target) {
    const options& how = where.how;
    const std::uint32_t edge = edge_of(how.subscriptions);
    holders all(how, edge);
    std::vector<subscriber*> takers;
    for (std::uint32_t i = 0; i < how.subscribers; ++i) {
        takers.push_back(&target.subscribers.emplace_back(where, fmt::format("bench-s-{}", i),
                                                          std::move(all.of(i))));
    }
    std::vector<publisher*> sources;
    for (std::uint32_t i = 0; i < how.groups; ++i) {
        sources.push_back(&target.publishers.emplace_back(where, fmt::format("bench-p-{}", i)));
    }
    const std::uint64_t possible = std::uint64_t{edge} * edge * edge;
    const auto topics = static_cast<std::uint32_t>(std::min<std::uint64_t>(how.topics, possible));
    for (std::uint32_t i = 0; i < topics; ++i) {
        const auto spread = static_cast<std::uint32_t>(i * possible / topics);
        const place at{spread / edge / edge, spread / edge % edge, spread % edge};
        flow& made = target.add_flow(*sources[i % sources.size()],
                                     fmt::format("bench/{}/{}/{}", at.area, at.unit, at.sensor));
        all.each_match(at, [&](std::uint32_t taker) { takers[taker]->expect(made); });
    }
}

}  // namespace nightjar::app::benchmark
