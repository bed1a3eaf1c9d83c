#pragma once
// The runs. Each opens what it needs, measures, adds what it found, and closes. false:
// `world::trouble` says why.

#include "figure.hpp"
#include "world.hpp"

namespace nightjar::app::benchmark {

/// publish, pairs, fanout, fanin, wildcards, latency: messages, checked one by one.
bool run_traffic(world& where, findings& target);

/// Clients that come and go.
bool run_connect(world& where, findings& target);

/// Clients that subscribe and unsubscribe.
bool run_subscribe(world& where, findings& target);

/// Memory of connections that do nothing.
bool run_idle(world& where, findings& target);

/// Subscriptions that do not match first, then run_traffic().
bool run_background(world& where, findings& target);

/// The broker's resident memory; trouble where the process cannot be read, 0 where it is not known
/// which one it is.
double resident(world& where);

}  // namespace nightjar::app::benchmark
