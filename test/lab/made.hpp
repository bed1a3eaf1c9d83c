#pragma once
// Records with given figures.

#include <gtest/gtest.h>

#include "lab/record.hpp"

namespace nightjar::app::lab {

inline candidate single(const std::string& engine) { return {engine, "single", 1}; }
inline candidate peer(const std::string& library) { return {library, std::string(bare), 1}; }

/// Rounds with this processor time per message, and the messages per second that one busy processor
/// makes of it.
inline cell cell_of(candidate who, const load& what, const std::vector<double>& costs) {
    cell made{.who = std::move(who), .what = what};
    for (const double cost : costs) {
        made.rounds.push_back({.seconds = 1,
                               .messages_per_s = 1e6 / cost,
                               .cpu_us = cost,
                               .cpu_share = 1,
                               .client_cpu_us = cost / 2,
                               .client_share = 0.5,
                               .p50_us = 10 * cost,
                               .p99_us = 20 * cost,
                               .p999_us = 30 * cost,
                               .max_us = 40 * cost});
    }
    return made;
}

inline record record_of(std::vector<cell> cells) {
    return {.where = {.processor = "a processor",
                      .kernel = "a kernel",
                      .version = "1",
                      .processors = 2},
            .rounds = static_cast<unsigned>(cells.front().rounds.size()),
            .seconds = 1,
            .warmup_s = 0.5,
            .cells = std::move(cells)};
}

inline const load small_many{.connections = 100};
inline const load small_one{.connections = 1};

}  // namespace nightjar::app::lab
