#pragma once
// What the kernel says about a process that is not ours: the processor time that it used, the
// memory that it holds.

#include <nightjar/base/result.hpp>
#include <nightjar/base/time.hpp>

#include <cstdint>
#include <optional>

namespace nightjar::app {

/// User and system time of all threads of `pid`, ended ones included, in nanoseconds of the
/// scheduler's own accounting; 0 is this process. `not_found` if there is no such process.
/// [clock_getcpuclockid(3)]
result<duration> processor_time(int pid) noexcept;

/// Resident memory in bytes (VmRSS). Pages of the kernel, such as socket buffers, are not in it.
/// [proc(5)]
result<std::uint64_t> resident_bytes(int pid);

}  // namespace nightjar::app
