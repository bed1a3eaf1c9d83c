#pragma once
// The measured part of a run: warm-up, then counts and processor times at its start, at its end,
// and in between for whoever watches.

#include "figure.hpp"
#include "world.hpp"

namespace nightjar::app::benchmark {

/// Lets the load run and adds what `world::count` counted to `target`. The load has been started
/// and goes on afterwards. false: `world::trouble` says why.
bool measure(world& where, findings& target, const std::function<std::string()>& missing);

/// Percentiles of `world::latency`, and of `world::lateness` in an open loop. To be called when
/// nothing is under way any more.
void add_latency(const world& where, findings& target);

}  // namespace nightjar::app::benchmark
