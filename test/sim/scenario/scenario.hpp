#pragma once
// One storm from one integer: a broker with one to eight workers, clients with dice, a network with
// faults; then calm, and the reckoning.

#include "scenario/canary.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace nightjar::sim {

struct scenario_options {
    std::uint64_t seed = 0;
    canary planted = canary::none;
    std::FILE* log = nullptr;  ///< Where the event log goes as well.
    bool keeps_log = false;    ///< In `verdict::log`.
};

struct verdict {
    std::vector<std::string> complaints;  ///< Empty: all is well.
    std::uint64_t hash = 0;               ///< Of the event log.
    std::uint64_t events = 0;
    std::uint64_t delivered = 0;  ///< PUBLISH packets that the broker sent.
    std::string plan;             ///< What was drawn before it began, in a line.
    std::string log;
};

/// The same seed, the same verdict and the same log.
verdict run_scenario(const scenario_options& how);

}  // namespace nightjar::sim
