#pragma once
// The command line of `nightjar serve`, and the configuration that comes of it.

#include <nightjar/broker/config/load.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nightjar::app {

struct serve_flags {
    std::string file;
    std::vector<int> ports;
    bool is_verbose = false;
    bool is_quiet = false;
    bool is_daemon = false;
    bool only_test = false;
    bool show_options = false;
    bool show_page = false;
    std::vector<std::string> settings;
};

/// The exit code where the command line says all, or nothing that makes sense; else nothing.
std::optional<int> read_flags(std::span<char* const> arguments, serve_flags& wanted);

/// Reads the configuration anew, with the command line's part. What is wrong is in the result.
broker::config::loaded load(const serve_flags& wanted);

}  // namespace nightjar::app
