#pragma once
// The words of a command line before they mean anything, and the scenarios that it may name.

#include "options.hpp"

#include <span>
#include <string>

namespace CLI {
class App;
}

namespace nightjar::app::benchmark {

struct command_line {
    options chosen;
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string version = "3.1.1";
    std::string engine = "epoll";
    int level = 0;
};

struct scenario_entry {
    scenario what;
    unit_names counts;
    std::string_view name, summary;
    /// Adds its own options, and sets their defaults.
    void (*add)(CLI::App&, command_line&);
};

/// In the order of `scenario`.
std::span<const scenario_entry> all_scenarios() noexcept;

}  // namespace nightjar::app::benchmark
