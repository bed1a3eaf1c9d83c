#pragma once
// What operators new and delete have handed out, which is all that our own code and the C++
// libraries take. Linking this replaces them; what each call counts is the allocator's own size of
// the room.

#include <cstdint>

namespace nightjar::counted_heap {

/// By all threads of the process: what was allocated and not freed. A few loads, from any thread.
std::uint64_t bytes_in_use() noexcept;

/// What this thread has taken and not given back. Only the difference of two calls means something:
/// what another thread has taken may be given back by this one.
std::int64_t bytes_of_this_thread() noexcept;

}  // namespace nightjar::counted_heap
