#include "number_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace nightjar::app {

std::string grouped(double value, int decimals) {
    std::string text = fmt::format("{:.{}f}", value, decimals);
    const std::size_t end = std::min(text.find('.'), text.size());
    const std::size_t begin = text.front() == '-' ? 1 : 0;
    for (std::size_t i = end; i > begin + 3;) text.insert(i -= 3, ",");
    return text;
}

std::string precise(double value) {
    const double size = std::abs(value);
    if (size >= 100 || size == 0) return grouped(value);
    return grouped(value, size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
}

std::string short_text(double value) {
    constexpr std::array<const char*, 5> units{"", " k", " M", " G", " T"};
    std::size_t unit = 0;
    while (std::abs(value) >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.3g}{}", value, units[unit]);
}

std::string time_text(double ns) {
    if (ns < 1e3) return fmt::format("{:.3g} ns", ns);
    if (ns < 1e6) return fmt::format("{:.3g} µs", ns / 1e3);
    if (ns < 1e9) return fmt::format("{:.3g} ms", ns / 1e6);
    return fmt::format("{:.4g} s", ns / 1e9);
}

}  // namespace nightjar::app
