#pragma once
// The listening sockets of a server. The first process opens them and keeps them: when a worker
// dies, what waits in its backlog waits for the next one.

#include <nightjar/io/models.hpp>

namespace nightjar::io::models {

/// `count` sockets on the same port; more than one share it with SO_REUSEPORT, and worker i's is
/// the i-th of the group.
result<std::vector<handle>> open_sockets(const model_options& how, unsigned count);

/// Connections to the group go to the worker that is pinned to the CPU on which their first segment
/// was received; from a CPU without a worker, to that of CPU modulo workers. Promise: not empty.
/// [socket(7) SO_ATTACH_REUSEPORT_CBPF]
result<> steer_by_cpu(int socket, std::span<const int> cpu_of_worker);

/// The same for workers that are pinned as `how` says.
result<> steer_to_workers(int socket, const workers_options& how);

}  // namespace nightjar::io::models
