#pragma once
// Where a worker runs and whose memory it takes: CPUs and NUMA nodes.

#include "workers/cores.hpp"

#include <nightjar/io/workers.hpp>

namespace nightjar::io {

/// "0-3,8", as the kernel writes them. Empty for anything else.
std::vector<int> parse_cpu_list(std::string_view text);

/// Of a NUMA node, as far as this process may use them. `not_found`: there is no such node;
/// `unsupported`: none of its CPUs is ours. [sysfs-devices-node]
result<std::vector<int>> cpus_of_node(int node);

/// The CPUs that worker `index` may run on; empty: any.
result<std::vector<int>> cpus_of_worker(const workers_options& how, unsigned index);

/// Binds the calling thread as worker `index`, its memory included.
result<> place_this_thread(const workers_options& how, unsigned index);

}  // namespace nightjar::io
