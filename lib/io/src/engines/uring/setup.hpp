#pragma once
// What the engine asks of the kernel, found out by really asking: containers forbid io_uring in
// many ways.

#include <liburing.h>

#include <nightjar/base/result.hpp>

namespace nightjar::io::uring {

/// A ring that is not enabled yet, of the engine's sizes. `unsupported`, with what the kernel said,
/// where anything that the engine needs is missing: Linux 6.1, its operations, entering a ring at
/// all.
error open_ring(io_uring& out) noexcept;

/// Makes the calling thread the ring's own. 0 or a negative errno. (liburing 2.3 declares
/// io_uring_enable_rings and forgets to export it.)
int enable_ring(io_uring& which) noexcept;

}  // namespace nightjar::io::uring
