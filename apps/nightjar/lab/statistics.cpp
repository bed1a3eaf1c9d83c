#include "statistics.hpp"

#include <cmath>

namespace nightjar::app::lab {
namespace {

constexpr double alike = 0.03;

template <class Of>
std::optional<spread> quotients(const cell& one, const cell& base, Of&& of) {
    std::vector<double> found;
    const std::size_t count = std::min(one.rounds.size(), base.rounds.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!one.rounds[i].is_sound() || !base.rounds[i].is_sound()) continue;
        const double below = of(base, base.rounds[i]);
        if (below > 0) found.push_back(of(one, one.rounds[i]) / below);
    }
    return spread_of(std::move(found));
}

}  // namespace

std::optional<spread> spread_of(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    const std::size_t upper = values.size() / 2, lower = (values.size() - 1) / 2;
    return spread{values.front(), (values[lower] + values[upper]) / 2, values.back()};
}

std::optional<spread> spread_of(const cell& one, double measured::*what) {
    std::vector<double> values;
    for (const measured& round : one.rounds) {
        if (round.is_sound()) values.push_back(round.*what);
    }
    return spread_of(std::move(values));
}

std::optional<spread> spread_of(const cell& one, std::optional<double> measured::*what) {
    std::vector<double> values;
    for (const measured& round : one.rounds) {
        if (round.is_sound() && round.*what) values.push_back(*(round.*what));
    }
    return spread_of(std::move(values));
}

std::optional<double> unfairness_of(std::span<const std::uint64_t> loads) {
    if (loads.size() < 2) return std::nullopt;
    const auto count = static_cast<double>(loads.size());
    double sum = 0, squares = 0;
    for (const std::uint64_t one : loads) sum += static_cast<double>(one);
    const double mean = sum / count;
    if (mean == 0) return std::nullopt;
    for (const std::uint64_t one : loads) {
        const double off = static_cast<double>(one) - mean;
        squares += off * off;
    }
    return std::sqrt(squares / count) / mean;
}

std::optional<spread> ratio_of(const cell& one, const cell& base, double measured::*what) {
    return quotients(one, base, [what](const cell&, const measured& round) { return round.*what; });
}

double scaled_rate(const cell& one, const measured& round) {
    return round.cpu_us > 0 ? 1e6 / round.cpu_us * one.who.workers : 0;
}

std::optional<spread> scaled_ratio_of(const cell& one, const cell& base) {
    return quotients(one, base, scaled_rate);
}

bool is_alike(const spread& a, const spread& b) noexcept {
    const bool overlaps = a.low <= b.high && b.low <= a.high;
    return overlaps || std::abs(a.median - b.median) <= alike * std::max(a.median, b.median);
}

}  // namespace nightjar::app::lab
