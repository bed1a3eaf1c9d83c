#pragma once
// How long to wait before the next attempt.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>

namespace nightjar::client {

class backoff {
public:
    backoff(duration first, duration longest, std::uint64_t seed) noexcept;

    /// Between a half and the whole of the current step; the step doubles.
    duration next() noexcept;
    /// A connection that lasted as long as the wait before it counts as sound.
    void lasted(duration connection) noexcept;

private:
    duration first_;
    duration longest_;
    duration step_;
    duration last_{};
    prng random_;
};

}  // namespace nightjar::client
