#pragma once
// The runs. Each opens what it needs, measures, appends its figures, and closes. false:
// `world::trouble` says why.

#include "report.hpp"
#include "world.hpp"

namespace nightjar::app::benchmark {

/// pairs and fanout: messages through groups, checked one by one.
bool run_traffic(world& where, std::vector<figure>& figures);

/// Memory of connections that do nothing.
bool run_idle(world& where, std::vector<figure>& figures);

/// Subscriptions that do not match first, then run_traffic().
bool run_background(world& where, std::vector<figure>& figures);

/// The broker's resident memory; trouble where the process cannot be read, 0 where it is not known
/// which one it is.
double resident(world& where);

}  // namespace nightjar::app::benchmark
