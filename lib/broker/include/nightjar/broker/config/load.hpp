#pragma once
// From mosquitto.conf's syntax to a `broker_config`. Every line is judged, nothing stops at the
// first mistake, and no option is passed over in silence. Reading text is a function of its
// arguments; only `load` touches files.

#include <cstddef>
#include <functional>
#include <nightjar/base/result.hpp>
#include <nightjar/broker/config/config.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::broker::config {

inline constexpr std::size_t line_max = 64 * 1024;         ///< Bytes of one line.
inline constexpr std::size_t file_max = 16 * 1024 * 1024;  ///< Bytes of one file.
inline constexpr std::size_t include_depth_max = 8;        ///< include_dir within include_dir.
inline constexpr std::size_t include_files_max = 1024;  ///< Files read through include_dir in all.
inline constexpr std::size_t listeners_max = 256;       ///< Listeners of one broker.
inline constexpr std::size_t diagnostics_max =
    1000;                                          ///< Kept; a last one says that there were more.
inline constexpr std::size_t unix_path_max = 107;  ///< Bytes: what sockaddr_un holds on Linux.

/// How bad it is. An error means: do not start with this.
enum class severity : std::uint8_t { warning, error };

/// One sentence for a human, and what it is about.
struct diagnostic {
    severity how = severity::error;
    std::string file;      ///< Empty for what was given on the command line.
    std::size_t line = 0;  ///< From 1; 0: the file as a whole.
    std::string option;    ///< Empty where the line has no name to speak of.
    std::string message;

    friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

/// What was read. `value` is complete whatever happened, but only meant to be used if `ok()`.
struct loaded {
    broker_config value;
    std::vector<diagnostic>
        diagnostics;  ///< In the order of reading; those about the whole come last.

    /// Where each of `value.listeners` stands, as "nightjar.conf:3"; empty where nobody named it.
    std::vector<std::string> places{};

    bool ok() const noexcept;
};

/// A file's name, for diagnostics, and what is in it.
struct source {
    std::string name;
    std::string text;
};

/// Gives the *.conf files of a directory, in any order: the parser sorts them by name,
/// regardless of case, as Mosquitto does.
using directory_reader = std::function<result<std::vector<source>>(std::string_view directory)>;

/// One option given on the command line. It wins over the file; a listener's option goes to the
/// default listener.
struct setting {
    std::string name;
    std::string value;
};

/// "max_keepalive=60" or "max_keepalive 60", taken apart at the first '=' or blank.
setting as_setting(std::string_view argument);

/// Reads `text` as a configuration called `name`. Calls `read_directory` for include_dir, within
/// this call; an empty function refuses include_dir. O(text).
loaded parse(std::string_view text, std::string_view name,
             const directory_reader& read_directory = {},
             std::span<const setting> command_line = {});

/// Reads the file at `path`, and those it includes. A file that cannot be read is an error in the
/// result.
loaded load(const std::string& path, std::span<const setting> command_line = {});

/// The configuration of a broker that was given no file: loopback only, port 1883, anonymous
/// allowed.
loaded defaults(std::span<const setting> command_line = {});

}  // namespace nightjar::broker::config
