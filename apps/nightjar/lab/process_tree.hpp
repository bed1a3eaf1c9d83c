#pragma once
// A server may be several processes. What all of them use together.

#include <nightjar/base/time.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace nightjar::app::lab {

/// `root` and all that descend from it. A process whose parent ended is nobody's child any more and
/// not among them. Reads all of /proc: some milliseconds.
std::vector<int> tree_of(int root);

/// User and system time by process, all threads of each, the ended ones included. Of a process that
/// ends between two readings the time in between is lost.
using processor_times = std::map<int, duration>;
processor_times times_of(const std::vector<int>& processes);

/// What was used from one reading to the next; a process that is new counts from its beginning.
duration used_between(const processor_times& before, const processor_times& after) noexcept;

/// Memory of all of them: what several share counts once. Pages of the kernel, such as socket
/// buffers, are not in it. [proc(5) smaps_rollup, Pss]
std::uint64_t memory_of(const std::vector<int>& processes);

}  // namespace nightjar::app::lab
