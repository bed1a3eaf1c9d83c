#pragma once
// One turn: a server is started, loaded, measured and ended.

#include "placement.hpp"
#include "record.hpp"
#include "server.hpp"

namespace nightjar::app::lab {

struct turn_options {
    const cell& what;
    const programs& where;
    const std::vector<int>& processors;  ///< That there are for server and load.
    double seconds, warmup_s;
    giving_up stop;
};

struct turn_outcome {
    bool has_started = false;
    measured figures{};
};

turn_outcome take_turn(const turn_options& how);

}  // namespace nightjar::app::lab
