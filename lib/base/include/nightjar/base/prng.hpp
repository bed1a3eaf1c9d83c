#pragma once
// Pseudo-random numbers from one seed: the same on every platform. Fast and even; never for
// secrets.

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <nightjar/base/expects.hpp>

namespace nightjar {

/// xoshiro256** (Blackman and Vigna), its state drawn from the seed by SplitMix64. A
/// UniformRandomBitGenerator; prefer `uniform()` to the standard's distributions, whose results
/// differ between libraries.
class prng {
public:
    using result_type = std::uint64_t;

    explicit constexpr prng(std::uint64_t seed) noexcept {
        for (auto& word : state_) word = mix(seed += golden);
    }

    static constexpr result_type min() noexcept { return 0; }
    static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

    constexpr result_type operator()() noexcept {
        auto& [a, b, c, d] = state_;
        const std::uint64_t drawn = std::rotl(b * 5, 7) * 9;
        const std::uint64_t shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = std::rotl(d, 45);
        return drawn;
    }

    /// One of 0 … n-1, each as likely as the others. Promise: n > 0. Draws fewer than two numbers
    /// on average.
    constexpr std::uint64_t uniform(std::uint64_t n) noexcept {
        expects(n > 0, "uniform() has something to choose from");
        // Rejection under a mask: no division, which a Cortex-M lacks for 64 bits.
        const std::uint64_t mask = max() >> std::countl_zero((n - 1) | 1);
        for (;;) {
            const std::uint64_t drawn = (*this)() & mask;
            if (drawn < n) return drawn;
        }
    }

    /// True with probability `p`: never for p <= 0, always for p >= 1. Draws one number whatever
    /// `p` is.
    constexpr bool chance(double p) noexcept {
        return static_cast<double>((*this)() >> 11) * 0x1.0p-53 < p;
    }

    /// A stream of its own: what is drawn from it and what is drawn from here later do not follow
    /// from each other by any short relation, so that a part may draw more or less without changing
    /// what another part sees.
    constexpr prng fork() noexcept {
        prng child(0);
        for (auto& word : child.state_) word = mix((*this)() + golden);
        return child;
    }

private:
    static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio, odd

    static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace nightjar
