#pragma once
// The flags of the tools as tables: the names and meanings of mosquitto_pub, mosquitto_sub and
// mosquitto_rr. Reading them is a function of text; only defaults_file() looks at the machine.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "settings.hpp"

namespace nightjar::app {

/// One tool, or several that share a flag.
enum class tool : std::uint8_t { pub = 1, sub = 2, rr = 4, senders = 5, readers = 6, all = 7 };

std::string_view name_of(tool which) noexcept;  ///< "pub", …; of one tool.

/// What is wrong with a command line, as a sentence. Code 1 is mosquitto_pub's for a line that
/// makes no sense; 2 means: it makes sense, but not here.
struct usage_error {
    std::string text;
    int code = 1;
};
using trouble = std::optional<usage_error>;

/// The arguments not read yet.
class argument_list {
public:
    explicit argument_list(std::span<const std::string_view> rest) noexcept : rest_(rest) {}
    bool empty() const noexcept { return rest_.empty(); }
    /// Promise: not empty.
    std::string_view take() noexcept {
        const std::string_view first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }

private:
    std::span<const std::string_view> rest_;
};

struct flag {
    std::string_view brief;  ///< "-t", or empty.
    std::string_view name;   ///< "--topic", or empty.
    tool whose;
    std::string_view value;  ///< What its argument is; empty: it has none.
    std::string_view help;
    /// `value` is the argument, `rest` what follows it.
    trouble (*take)(settings& target, std::string_view value, argument_list& rest);
};

struct flag_group {
    std::string_view title;
    std::span<const flag> flags;
};

std::span<const flag> connection_flags() noexcept;
std::span<const flag> session_flags() noexcept;
std::span<const flag> will_flags() noexcept;
std::span<const flag> message_flags() noexcept;
std::span<const flag> subscription_flags() noexcept;
std::span<const flag> output_flags() noexcept;
std::span<const flag> general_flags() noexcept;
/// Known to Mosquitto's tools, but nothing that this program can do.
std::span<const flag> foreign_flags() noexcept;

/// Reads flags into `target`, which may hold some already; check() judges them together.
trouble read_arguments(tool which, std::span<const std::string_view> arguments, settings& target);

/// The text of an options file: a flag per line, and behind the first blank its argument to the end
/// of the line, blanks included. Empty lines and those that begin with '#' do not count.
trouble read_options(tool which, std::string_view text, settings& target);

/// Holds the flags against each other, and completes what follows from them.
trouble check(tool which, settings& target);

/// The whole command line: the options file of -o, or else the default one, then the arguments,
/// then check(). `arguments[0]` is the subcommand.
trouble read_command_line(tool which, std::span<char* const> arguments, settings& target);

/// $XDG_CONFIG_HOME/mosquitto_pub, or ~/.config/mosquitto_pub; empty: there is no such place.
std::string defaults_file(tool which);

void print_help(tool which);

// --- for the handlers

/// The whole of `text` as a number from `least` to `most`.
std::optional<long long> to_number(std::string_view text, long long least, long long most) noexcept;
std::optional<double> to_real(std::string_view text, double least, double most) noexcept;
trouble read_url(settings& target, std::string_view url);
/// -D COMMAND IDENTIFIER [NAME] VALUE.
trouble read_property(settings& target, std::string_view command, argument_list& rest);

}  // namespace nightjar::app
