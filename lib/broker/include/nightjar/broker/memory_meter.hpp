#pragma once
// Who knows how much memory the process has taken: whoever owns its allocator. The broker asks, and
// keeps its memory_limit by the answer.

#include <cstdint>

namespace nightjar::broker {

class memory_meter {
public:
    /// Bytes in use now: what was allocated and not freed, by all that the process does. Asked for
    /// each message where there is a limit, from any worker's thread: a few loads.
    virtual std::uint64_t bytes_used() const noexcept = 0;

protected:
    ~memory_meter() = default;
};

}  // namespace nightjar::broker
