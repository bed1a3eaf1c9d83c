#pragma once
// A new configuration for a broker that runs: what of it can be had at once, and what waits for a
// restart.

#include <nightjar/broker/config/config.hpp>

#include <string_view>
#include <vector>

namespace nightjar::broker::config {

struct reloaded {
    /// `wanted`, but with what cannot change, and with the listeners of `running` in their order.
    broker_config value;
    /// The options that stay as they were although `wanted` says otherwise. Static storage.
    std::vector<std::string_view> kept;
};

/// Pure. Listeners are the same if their address, port, path and interface are; one that comes or
/// goes is told as "listener".
reloaded merge(const broker_config& running, const broker_config& wanted);

}  // namespace nightjar::broker::config
