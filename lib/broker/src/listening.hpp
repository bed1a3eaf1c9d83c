#pragma once
// From a listener of the configuration to the sockets that it means: IPv4 and IPv6, a name's
// addresses, or a Unix socket.

#include <nightjar/io/engine.hpp>

#include <string>
#include <vector>

#include "worker/worker.hpp"

namespace nightjar::broker {

/// A socket that worker 0 opened, as the others are to open it.
struct bound_listener {
    io::listen_options how;
    listener_door* door = nullptr;
};

/// Opens a door's sockets on worker 0. `trouble` says which one failed, why, and what to do.
result<std::vector<bound_listener>> open_all(worker& first, listener_door& door,
                                             const broker_config& how, std::string& trouble);
/// Opens the same on another worker; Unix sockets stay worker 0's.
result<> reopen(worker& at, const std::vector<bound_listener>& bound, std::string& trouble);

}  // namespace nightjar::broker
