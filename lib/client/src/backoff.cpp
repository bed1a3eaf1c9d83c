#include "backoff.hpp"

#include <algorithm>

namespace nightjar::client {

backoff::backoff(duration first, duration longest, std::uint64_t seed) noexcept
    : first_(std::max<duration>(first, 1ms)),
      longest_(std::max(longest, first_)),
      step_(first_),
      random_(seed) {}

duration backoff::next() noexcept {
    const duration half = step_ / 2;
    last_ = half + duration(random_.uniform(static_cast<std::uint64_t>(half.count()) + 1));
    step_ = step_ > longest_ / 2 ? longest_ : step_ * 2;
    return last_;
}

void backoff::lasted(duration connection) noexcept {
    if (connection >= last_) step_ = first_;
}

}  // namespace nightjar::client
