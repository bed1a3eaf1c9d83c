#pragma once
// How much of something happened per minute, averaged over the last 1, 5 and 15 minutes: what is
// long ago counts exponentially less, as in a system's load average.

#include <nightjar/base/time.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace nightjar::broker {

class load_average {
public:
    static constexpr std::array<int, 3> minutes{1, 5, 15};

    /// `total` has been counted up to now, `since` after the last call. Where it is less than it
    /// was, nothing has happened.
    void update(std::uint64_t total, duration since) noexcept {
        const double seconds = std::chrono::duration<double>(since).count();
        if (seconds <= 0) return;
        // A client that moves to its worker is taken off one count before the other has it.
        const std::uint64_t more = total > total_ ? total - total_ : 0;
        const double per_minute = static_cast<double>(more) * 60.0 / seconds;
        total_ = std::max(total_, total);
        for (std::size_t i = 0; i != minutes.size(); ++i) {
            const double kept = std::exp(-seconds / (60.0 * minutes[i]));
            averages_[i] = per_minute * (1.0 - kept) + averages_[i] * kept;
        }
    }
    /// In the order of `minutes`.
    const std::array<double, 3>& averages() const noexcept { return averages_; }

private:
    std::uint64_t total_ = 0;
    std::array<double, 3> averages_{};
};

}  // namespace nightjar::broker
