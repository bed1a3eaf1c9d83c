#pragma once
// A configuration while it is being read: what is known so far, which scope the next line belongs
// to, and what was wrong.

#include <cstddef>
#include <map>
#include <nightjar/broker/config/load.hpp>
#include <nightjar/broker/config/options.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::broker::config {

/// Where a line stands.
struct place {
    std::string file;  ///< Empty: the command line.
    std::size_t line = 0;
};

/// Which options of a scope were given, and where last.
using marks = std::map<std::string_view, place>;

struct draft_listener {
    listener_config value;
    marks given;
    bool opened = false;  ///< It was named properly and is to exist.
    place at;
};

struct draft {
    broker_config value;
    security_config security;  ///< For all listeners, unless `per_listener`.
    marks given;
    bool per_listener = false;

    /// The first is the default listener, which `port` and `bind_address` open.
    std::vector<draft_listener> listeners{1};
    std::size_t current = 0;

    const directory_reader* read_directory = nullptr;
    std::vector<std::string> including;  ///< The directories that are being read, outermost first.
    std::size_t files_included = 0;

    place at;
    std::vector<diagnostic> diagnostics;
    std::vector<std::string> places;  ///< Of `value.listeners`.

    draft_listener& listener() { return listeners[current]; }

    /// Where the options of that scope go now.
    marks& given_in(scope where);
    bool first_time(const option& one);

    void say(severity how, const place& where, std::string_view option, std::string message);

    /// Resolves what is inherited, adds the default listeners, and judges the whole.
    loaded finish() &&;
};

/// Reads all lines of `from` into `into`. The scope of a listener ends with its file.
void read_source(draft& into, const source& from);

/// Reads one option, wherever it was written.
void read_option(draft& into, std::string_view name, std::string_view value);

/// include_dir's reader: the *.conf files of `directory`, sorted, as if they stood here.
complaint read_include(draft& into, const option& self, std::string_view directory);

std::string_view trim(std::string_view text) noexcept;

/// What stands before the first blank of `rest`, which keeps what stands after it, trimmed.
std::string_view take_word(std::string_view& rest) noexcept;

}  // namespace nightjar::broker::config
