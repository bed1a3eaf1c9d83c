#pragma once
// The figures of a run as rows of words, for whatever shows them.

#include "record.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::app::lab {

struct column {
    std::string_view name, says;
};
inline constexpr auto columns = std::to_array<column>({
    {"CPU µs/message",
     "processor time of the server, all of its processes, per message: median "
     "(smallest … largest) of the rounds"},
    {"ratio", "that by the first row's, round by round, the median"},
    {"messages/s", "that came back"},
    {"p50", "half of the messages took at most so long, from sent to read"},
    {"p99", "99 % of them"},
    {"p99.9", "99.9 %"},
    {"server", "processors that the server kept busy"},
    {"load", "processors that the load kept busy; * where it shared the server's"},
    {"B/connection", "memory of the server's processes for each connection"},
    {"uneven", "standard deviation of the workers' messages by their mean: 0 is fair"},
});

struct row {
    candidate who;
    std::string name;
    std::array<std::string, columns.size()> cells{};  ///< Empty: not measured.
    std::string trouble{};  ///< Why there are none, or why a round of it has none.
};

struct table {
    load what;
    std::vector<row> rows;
};

/// One for each load, in the order of the run.
std::vector<table> tables_of(const record& what);

/// "2.31 (2.25 … 2.40)"; the middle alone where nothing moved.
struct spread;
std::string text_of(const spread& value);

}  // namespace nightjar::app::lab
