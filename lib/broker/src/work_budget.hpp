#pragma once
// How much one peer may have done before others get their turn. A flood is not refused, it is
// served a slice at a time: what came and was not dealt with waits, and its connection is not read.
//
//      turn:  A's slice · B's packet · C's slice · letters ·· flush
//      turn:  A's slice · D's packet · C's slice · ...

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace nightjar::broker {

class work_budget {
public:
    /// A packet read, a message delivered, a node of the filters looked at: some 100 ns.
    static constexpr std::uint32_t turn_max = 8192;
    static constexpr std::uint32_t slice_min = 512;

    /// Somebody's slice begins.
    void begin() noexcept { left_ = slice_; }
    void spend(std::uint32_t units = 1) noexcept { left_ = left_ > units ? left_ - units : 0; }
    void spend_all(std::uint64_t units) noexcept {
        spend(static_cast<std::uint32_t>(std::min<std::uint64_t>(units, turn_max)));
    }
    bool is_spent() const noexcept { return left_ == 0; }
    /// So many did not get through with theirs in the turn before: they share what a turn has.
    void share_among(std::size_t busy) noexcept {
        const auto all = static_cast<std::uint32_t>(std::min<std::size_t>(busy + 1, turn_max));
        slice_ = std::max(turn_max / all, slice_min);
    }

private:
    std::uint32_t slice_ = turn_max;
    std::uint32_t left_ = turn_max;
};

}  // namespace nightjar::broker
