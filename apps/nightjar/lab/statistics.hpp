#pragma once
// Arithmetic on the figures of a run.

#include "record.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nightjar::app::lab {

/// The smallest, the middle (of an even number: of the two middle ones their mean) and the largest.
struct spread {
    double low = 0, median = 0, high = 0;
    friend bool operator==(const spread&, const spread&) = default;
};
/// nullopt of nothing.
std::optional<spread> spread_of(std::vector<double> values);

/// A figure of each sound round that has it.
std::optional<spread> spread_of(const cell& one, double measured::*what);
std::optional<spread> spread_of(const cell& one, std::optional<double> measured::*what);

/// Standard deviation by the mean of what each worker did: 0 if all did the same, √(n-1) if one of
/// n did everything. nullopt if there are fewer than two, or nothing was done.
std::optional<double> unfairness_of(std::span<const std::uint64_t> loads);

/// This figure of `one` divided by that of `base`, round by round, as both were measured within
/// moments of each other; rounds in which either failed are left out. nullopt if none is left.
std::optional<spread> ratio_of(const cell& one, const cell& base, double measured::*what);

/// Messages per second if each worker had a processor of its own and the load none of theirs: per
/// second of the server's processor time, times its workers.
double scaled_rate(const cell& one, const measured& round);
std::optional<spread> scaled_ratio_of(const cell& one, const cell& base);

/// Whether what was seen of both overlaps, or their middles lie within 3 % of each other: then
/// neither is called better.
bool is_alike(const spread& a, const spread& b) noexcept;

}  // namespace nightjar::app::lab
