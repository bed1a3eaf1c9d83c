#pragma once
// Counts what this process asks of the heap.

#include <cstdint>

/// Calls of malloc, calloc, realloc and operator new so far, on any thread.
std::uint64_t allocations() noexcept;
