#pragma once
// What this thread has taken from the heap and not given back. A world lives on one thread, so this
// is what the world and all in it hold. Linking this replaces operator new.

#include <cstdint>

namespace nightjar::sim {

/// Bytes; only the difference of two calls means something.
std::int64_t heap_in_use() noexcept;

}  // namespace nightjar::sim
