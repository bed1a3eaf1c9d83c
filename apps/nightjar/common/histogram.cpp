#include "histogram.hpp"

#include <algorithm>
#include <cmath>

namespace nightjar::app {

duration histogram::quantile(double part) const noexcept {
    if (count_ == 0) return {};
    const double wanted = std::ceil(part * static_cast<double>(count_));
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        seen += counts_[i];
        if (seen >= rank) return duration(std::min(last_of(i), max_));
    }
    return max();
}

}  // namespace nightjar::app
