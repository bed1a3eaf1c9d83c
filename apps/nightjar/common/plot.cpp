#include "plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "number_text.hpp"

namespace nightjar::app {
namespace {

constexpr double width = 360, height = 220;
constexpr double left = 46, right = 350, top = 20, bottom = 186;
constexpr double marker_line = 12;  // of a distribution: its markers' names stand above the bars

/// From values to places on the paper.
struct scale {
    double low = 0, high = 1;  // of the values
    double from = 0, to = 1;   // on the paper
    double at(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

/// 1, 2 or 5 times a power of ten, so that about `count` of them fill `range`.
double step_of(double range, int count) {
    const double raw = range / count;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double rest = raw / power;
    return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
}

std::string open_svg(const std::string& title, double tall = height) {
    return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width, tall,
                       title);
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view what) {
    return fmt::format(
        "<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
        anchor, what);
}

std::string line_at(std::string_view kind, double x1, double y1, double x2, double y2) {
    return fmt::format(
        "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kind, x1,
        y1, x2, y2);
}

/// Horizontal lines and their labels; `y.high` is a whole number of steps.
std::string y_axis(const scale& y, double step, const std::string& unit, double factor = 1) {
    std::string svg;
    for (int i = 0; y.low + i * step <= y.high + step / 2; ++i) {
        const double value = y.low + i * step;
        svg += line_at(i == 0 ? "axis" : "grid", left, y.at(value), right, y.at(value));
        svg += text_at(left - 5, y.at(value) + 3.5, "end", short_text(value * factor));
    }
    return svg + text_at(2, 9, "start", unit);
}

/// A little beyond the last line is no reason for one more.
scale y_scale(double highest, double step, double room_above = 0) {
    return {0, std::max(1.0, std::ceil(highest / step - 0.05)) * step, bottom, top + room_above};
}

std::string x_axis(const scale& x, const std::string& unit) {
    const double step = step_of(x.high - x.low, 6);
    std::string svg;
    for (double value = x.low; value <= x.high + step / 1000; value += step)
        svg += text_at(x.at(value), bottom + 14, "middle", short_text(value));
    return svg + text_at(right, height - 6, "end", unit);
}

std::string legend(const line_plot& plot) {
    if (plot.series.size() < 2) return {};
    std::string svg;
    double x = left;
    for (std::size_t i = 0; i < plot.series.size(); ++i) {
        svg += line_at(fmt::format("s{}", i), x, height - 10, x + 14, height - 10);
        svg += text_at(x + 18, height - 6, "start", plot.series[i].name);
        x += 30 + 6.2 * static_cast<double>(plot.series[i].name.size());
    }
    return svg;
}

std::string path_of(const line_series& series, std::size_t index, const scale& x, const scale& y) {
    std::string svg = fmt::format("<polyline class=\"s{}\" points=\"", index);
    for (const auto& [at, value] : series.points)
        svg += fmt::format("{:.1f},{:.1f} ", x.at(at), y.at(value));
    return svg + "\"/>\n";
}

/// Powers of ten, and between them 2 and 5 where there are few.
std::string log_axis(const scale& x) {
    std::string svg;
    const bool is_wide = x.high - x.low > 2.5;
    for (double power = std::floor(x.low); power <= x.high; power += 1) {
        for (const double part : {1.0, 2.0, 5.0}) {
            const double at = power + std::log10(part);
            if (at < x.low - 1e-9 || at > x.high + 1e-9 || (is_wide && part != 1)) continue;
            svg += line_at("grid", x.at(at), top, x.at(at), bottom);
            svg += text_at(x.at(at), bottom + 14, "middle", time_text(std::pow(10, at)));
        }
    }
    return svg;
}

/// Names stand below each other, so that close ones stay legible.
std::string markers_of(const distribution_plot& plot, const scale& x) {
    std::string svg;
    double y = top + 8;
    for (const marker& one : plot.markers) {
        const double at = x.at(std::clamp(std::log10(std::max(one.at, 1.0)), x.low, x.high));
        const bool is_far = at > (left + right) / 2;
        svg += line_at("mark", at, top, at, bottom);
        svg += text_at(at + (is_far ? -4 : 4), y, is_far ? "end" : "start",
                       fmt::format("{} {}", one.name, time_text(one.at)));
        y += marker_line;
    }
    return svg;
}

}  // namespace

std::string to_svg(const line_plot& plot) {
    double x_high = 0, y_high = plot.y_least;
    for (const line_series& one : plot.series) {
        for (const auto& [x, y] : one.points) {
            x_high = std::max(x_high, x);
            y_high = std::max(y_high, y);
        }
    }
    const scale x{0, x_high > 0 ? x_high : 1, left, right};
    const double step = step_of(y_high > 0 ? y_high : 1, 4);
    const scale y = y_scale(y_high, step);
    std::string svg = open_svg(plot.title) + y_axis(y, step, plot.y_unit) + x_axis(x, plot.x_unit);
    for (std::size_t i = 0; i < plot.series.size(); ++i) svg += path_of(plot.series[i], i, x, y);
    return svg + legend(plot) + "</svg>\n";
}

std::string to_svg(const distribution_plot& plot) {
    if (plot.bars.empty()) return {};
    double highest = 0;
    for (const bar& one : plot.bars) highest = std::max(highest, one.height);
    const double step = step_of(highest, 3);
    const double names = marker_line * static_cast<double>(plot.markers.size());
    const scale y = y_scale(highest, step, names + 4);
    const auto to_log = [](double ns) { return std::log10(std::max(ns, 1.0)); };
    const scale x{to_log(plot.bars.front().low), to_log(plot.bars.back().high) + 0.01, left, right};
    std::string svg = open_svg(plot.title) + log_axis(x) + y_axis(y, step, "% of all", 100);
    for (const bar& one : plot.bars) {
        const double from = x.at(to_log(one.low)), to = x.at(to_log(one.high));
        svg += fmt::format(
            "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
            from, y.at(one.height), std::max(to - from - 0.4, 0.6), bottom - y.at(one.height));
    }
    return svg + markers_of(plot, x) + "</svg>\n";
}

std::string to_svg(const row_plot& plot) {
    constexpr double first = 16, step = 17, thick = 11, letter = 5.4, names_max = 200;
    double highest = 0, names = 0;
    for (const row_bar& one : plot.rows) {
        highest = std::max(highest, one.high);
        names = std::max(names, letter * static_cast<double>(one.name.size()));
    }
    names = std::min(names, names_max);
    const scale x{0, highest > 0 ? highest : 1, names + 4, right - 52};
    const double tall = first + step * static_cast<double>(plot.rows.size()) + 6;
    std::string svg = open_svg(plot.title, tall) + text_at(right, 9, "end", plot.unit);
    double y = first;
    for (const row_bar& one : plot.rows) {
        const double middle = y + thick / 2;
        svg += text_at(names, middle + 3.5, "end", one.name);
        svg += fmt::format(
            "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/>\n",
            one.is_other ? "other" : "bar", x.at(0), y, x.at(one.middle) - x.at(0), thick);
        if (one.low < one.high)
            svg += line_at("axis", x.at(one.low), middle, x.at(one.high), middle);
        svg += text_at(x.at(one.high) + 4, middle + 3.5, "start", short_text(one.middle));
        y += step;
    }
    return svg + "</svg>\n";
}

}  // namespace nightjar::app
