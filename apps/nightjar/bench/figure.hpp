#pragma once
// What a run found out.

#include "histogram.hpp"

#include <string>
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

struct findings {
    std::vector<figure> figures;
    std::vector<sample> samples;  ///< Of the measured part, evenly spread; at most a few hundred.

    void add(std::string name, double value, int decimals = 0) {
        figures.push_back({std::move(name), value, decimals});
    }
};

}  // namespace nightjar::app::benchmark
