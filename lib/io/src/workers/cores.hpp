#pragma once
// Which CPUs, and how many of them.

#include <nightjar/base/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::io {

/// The CPUs of this process's mask.
std::vector<int> permitted_cpus();

/// Which hierarchy of control groups a line of /proc/self/cgroup speaks of, if CPU quotas can be in
/// it, and the group. Version 2: "0::/a/b"; version 1: "4:cpu,cpuacct:/a/b". [cgroups(7)]
struct cpu_group {
    std::string root;   ///< "/sys/fs/cgroup", "/sys/fs/cgroup/cpu,cpuacct"; empty: none.
    std::string group;  ///< "/a/b"
    bool is_v1 = false;
};
cpu_group parse_cpu_group(std::string_view line);

/// "max 100000" or "150000 100000": how many whole cores that quota needs; 0 for no limit or for
/// anything else.
unsigned cores_of_quota(std::string_view cpu_max) noexcept;

/// To any of these; `invalid` for a number that no CPU can have.
result<> pin_this_thread(std::span<const int> cpus) noexcept;

}  // namespace nightjar::io
