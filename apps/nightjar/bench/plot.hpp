#pragma once
// Plots as SVG text of 360 by 220 units, drawn with the classes of the page's style sheet: .grid,
// .label, .axis, .s0, .s1 (a series' colour), .bar, .mark.

#include <string>
#include <utility>
#include <vector>

namespace nightjar::app::benchmark {

struct line_series {
    std::string name;
    std::vector<std::pair<double, double>> points;
};

struct line_plot {
    std::string title;  ///< For whoever cannot see it.
    std::string x_unit;
    std::string y_unit;
    double y_least = 0;  ///< The y axis reaches so high at least.
    std::vector<line_series> series;
};

/// Both axes linear, y from zero.
std::string to_svg(const line_plot& plot);

struct bar {
    double low, high, height;
};

struct marker {
    std::string name;
    double at;
};

struct distribution_plot {
    std::string title;
    std::vector<bar> bars;  ///< By x, in nanoseconds; height is the part of the whole.
    std::vector<marker> markers;
};

/// x logarithmic and labelled as lengths of time.
std::string to_svg(const distribution_plot& plot);

}  // namespace nightjar::app::benchmark
