#pragma once
// Which servers meet which loads.

#include "options.hpp"
#include "record.hpp"

namespace nightjar::app::lab {

/// The cells of a run, still empty, load by load. Every engine under `single` and every peer meets
/// each load that asks for no work; the other models meet one message of the smallest size at a
/// time, the largest size on the middle number of connections, idle connections, and heavy
/// handlers, unless all is asked for. `processors`: how many there are.
std::vector<cell> plan(const run_options& how, unsigned processors);

}  // namespace nightjar::app::lab
