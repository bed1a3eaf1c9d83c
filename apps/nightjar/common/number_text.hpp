#pragma once
// Numbers for people.

#include <string>

namespace nightjar::app {

/// 1,234,567 or, below a thousand, so many digits after the point.
std::string grouped(double value, int decimals = 0);

/// Three digits that count: 0.0152, 1.52, 15.2, 152, then 1,520.
std::string precise(double value);

/// 1.5 k, 2.4 M: for the axis of a plot.
std::string short_text(double value);

/// Nanoseconds in the unit that suits them: "152 ns", "1.52 µs", "15.2 ms", "1.52 s".
std::string time_text(double ns);

}  // namespace nightjar::app
