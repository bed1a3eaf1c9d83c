#pragma once
// Plots as SVG text of 360 by 220 units (rows: as high as they need), drawn with the classes of the
// page's style sheet: .grid, .label, .axis, .s0, .s1 (a series' colour), .bar, .other, .mark.

#include <string>
#include <utility>
#include <vector>

namespace nightjar::app {

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

struct row_bar {
    std::string name;
    double low, middle, high;  ///< A bar to the middle, a line from low to high.
    bool is_other = false;     ///< In the second colour.
};

struct row_plot {
    std::string title;
    std::string unit;
    std::vector<row_bar> rows;
};

/// A row below the other for each bar, with its name and its middle; as high as its rows need.
std::string to_svg(const row_plot& plot);

}  // namespace nightjar::app
