#pragma once
// From a worker's counters to plain numbers, which can be added up.

#include <nightjar/broker/broker.hpp>

#include "../counters.hpp"

namespace nightjar::broker {

/// Any thread; each number is of its own moment.
statistics figures_of(const counters& from) noexcept;
statistics& operator+=(statistics& to, const statistics& more) noexcept;

}  // namespace nightjar::broker
