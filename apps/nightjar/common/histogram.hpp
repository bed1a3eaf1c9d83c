#pragma once
// How often which length of time was seen: log-linear buckets of a fixed number, so that a run of
// any length takes the same 37 KB. It forgets the order and less than 1 % of each value.
//
//   0 … 255 ns exactly | 128 buckets from 256 | 128 from 512 | 128 from 1024 | … up to 73 minutes

#include <nightjar/base/time.hpp>

#include <array>
#include <bit>
#include <cstdint>

namespace nightjar::app {

class histogram {
public:
    static constexpr unsigned exact_bits = 8;
    static constexpr unsigned value_bits = 42;
    static constexpr std::size_t half = std::size_t{1} << (exact_bits - 1);
    static constexpr std::size_t buckets = half * (value_bits - exact_bits + 2);

    /// Below zero counts as zero, beyond the end as the end. O(1).
    void record(duration value) noexcept {
        const auto ns = value.count() < 0 ? 0 : static_cast<std::uint64_t>(value.count());
        const std::uint64_t kept = ns < end ? ns : end - 1;
        ++counts_[index_of(kept)];
        ++count_;
        sum_ += static_cast<double>(kept);
        if (kept > max_) max_ = kept;
    }

    std::uint64_t count() const noexcept { return count_; }
    /// What was seen, and not its bucket's edge; 0 if nothing was.
    duration max() const noexcept { return duration(max_); }
    double mean_ns() const noexcept { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
    /// The smallest length that at least this part of what was seen does not exceed, rounded up to
    /// its bucket's end; 0 if nothing was seen. `part` from 0 to 1. O(buckets).
    duration quantile(double part) const noexcept;

    std::uint64_t in_bucket(std::size_t index) const noexcept { return counts_[index]; }
    /// The largest value that falls into a bucket.
    static constexpr std::uint64_t last_of(std::size_t index) noexcept {
        if (index < 2 * half) return index;
        const std::size_t shift = index / half - 1;
        return ((index - half * shift + 1) << shift) - 1;
    }
    static constexpr std::size_t index_of(std::uint64_t ns) noexcept {
        if (ns < 2 * half) return ns;
        const auto shift = static_cast<std::size_t>(std::bit_width(ns)) - exact_bits;
        return half * shift + (ns >> shift);
    }

private:
    static constexpr std::uint64_t end = std::uint64_t{1} << value_bits;

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
    double sum_ = 0;
};

}  // namespace nightjar::app
