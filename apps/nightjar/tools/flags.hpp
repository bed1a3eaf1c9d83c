#pragma once
// The flags of the tools as a table: mosquitto_pub's and mosquitto_sub's names and meanings.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "settings.hpp"

namespace nightjar::app {

enum class tool : std::uint8_t { pub = 1, sub = 2, both = 3 };

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
    explicit argument_list(std::span<char* const> rest) noexcept : rest_(rest) {}
    bool empty() const noexcept { return rest_.empty(); }
    /// Promise: not empty.
    std::string_view take() noexcept {
        const char* first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }

private:
    std::span<char* const> rest_;
};

struct flag {
    std::string_view brief;  ///< "-t", or empty.
    std::string_view name;   ///< "--topic", or empty.
    tool whose;
    std::string_view value;  ///< How the help calls its argument; empty: it has none.
    std::string_view help;
    /// `value` is the argument, `rest` what follows it.
    trouble (*take)(settings& target, std::string_view value, argument_list& rest);
};

std::span<const flag> connection_flags() noexcept;
std::span<const flag> message_flags() noexcept;
std::span<const flag> output_flags() noexcept;
/// Known to Mosquitto's tools, but nothing that this program can do.
std::span<const flag> foreign_flags() noexcept;

/// Reads the flags, then checks them against each other. `arguments[0]` is the subcommand.
trouble read_command_line(tool which, std::span<char* const> arguments, settings& target);

void print_help(tool which);

// --- for the handlers

/// The whole of `text` as a number from `least` to `most`.
std::optional<long long> to_number(std::string_view text, long long least, long long most) noexcept;
trouble read_url(settings& target, std::string_view url);
/// -D COMMAND IDENTIFIER [NAME] VALUE.
trouble read_property(settings& target, std::string_view command, argument_list& rest);

}  // namespace nightjar::app
