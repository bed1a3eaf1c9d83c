#pragma once
// Which CPUs, and how many of them.

#include <nightjar/base/result.hpp>

#include <string_view>
#include <vector>

namespace nightjar::io {

/// The CPUs of this process's mask.
std::vector<int> permitted_cpus();

/// "max 100000" or "150000 100000": how many whole cores that quota needs; 0 for no limit or for
/// anything else.
unsigned cores_of_quota(std::string_view cpu_max) noexcept;

result<> pin_this_thread(int cpu) noexcept;

}  // namespace nightjar::io
