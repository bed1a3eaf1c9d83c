#pragma once
// What a run found out.

#include "../common/histogram.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::app::benchmark {

struct figure {
    std::string name;  ///< The key in JSON, its last word the unit where it has one.
    double value;
    int decimals = 0;
};

/// The counts at one moment of the measured part.
struct sample {
    instant at;
    std::uint64_t count = 0;
    duration broker{};  ///< Processor time; zero where the broker's process is not known.
    duration own{};
};

/// Those that are told.
struct percentile {
    double part;
    std::string_view key, name;
};
inline constexpr auto percentiles = std::to_array<percentile>(
    {{0.5, "p50", "p50"}, {0.9, "p90", "p90"}, {0.99, "p99", "p99"}, {0.999, "p999", "p99.9"}});

struct findings {
    std::vector<figure> figures;
    std::vector<sample> samples;  ///< Of the measured part, evenly spread; at most a few hundred.
    histogram latency;            ///< Empty where the scenario knows of none.

    void add(std::string name, double value, int decimals = 0) {
        figures.push_back({std::move(name), value, decimals});
    }
    /// nullopt: this run did not find it out.
    std::optional<double> get(std::string_view name) const {
        for (const figure& one : figures) {
            if (one.name == name) return one.value;
        }
        return std::nullopt;
    }
};

}  // namespace nightjar::app::benchmark
