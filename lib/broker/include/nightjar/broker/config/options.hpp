#pragma once
// The one table of all options: the parser, the check, the help and the manual are drawn from it.
// An option that is not in this table does not exist.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nightjar::broker {
struct broker_config;
struct listener_config;
}  // namespace nightjar::broker

namespace nightjar::broker::config {

struct draft;
struct option;

/// What an option is a property of. Security options are global, or per listener after
/// `per_listener_settings true`.
enum class scope : std::uint8_t { global, listener, security, bridge, plugin };

/// What happens to an option that was found.
enum class status : std::uint8_t {
    works,
    harmless,     ///< Accepted with a warning: it can have no effect here, and nothing is lost.
    unsupported,  ///< Stops the start.
};

/// How a value is written.
enum class form : std::uint8_t { flag, number, text, choice, span, special };

/// One of a choice. A word with a `refusal` is known but not taken, and the refusal says why.
struct word {
    std::string_view text;
    std::uint8_t value = 0;
    std::string_view refusal = {};
};

/// The type of a value, and its limits.
struct value_type {
    form is = form::text;
    std::int64_t min = 0;              ///< number, span: inclusive.
    std::int64_t max = 0;              ///< number, span: inclusive; text: bytes.
    bool less_is_min = false;          ///< number: what is below `min` means `min`.
    std::string_view zero = {};        ///< number: a word that means 0.
    std::span<const word> words = {};  ///< choice.
    std::string_view syntax = {};      ///< text, special: what to write, e.g. "PORT [ADDRESS]".
};

/// What is wrong with a value, as the rest of a sentence; nothing if nothing is.
using complaint = std::optional<std::string>;

/// The values that an option is shown from.
struct view {
    const broker_config& broker;
    const listener_config& listener;
};

/// One option: a row of the table.
struct option {
    std::string_view name;  ///< A trailing '*' stands for any further characters.
    scope where = scope::global;
    status what = status::works;
    value_type type = {};
    std::string_view help = {};      ///< What it does; why it is harmless; what to do instead.
    std::string_view fine = {};      ///< The value with which an unsupported option does no harm.
    std::string_view preset = {};    ///< The default, where `show` cannot tell.
    bool repeats = false;            ///< May be given more than once in its scope.
    bool needs_restart = false;      ///< A reload leaves it as it is.
    std::string_view since = "0.1";  ///< The first Nightjar with this row's behaviour.

    /// Takes the value in, or complains and changes nothing. Null unless it works.
    complaint (*read)(draft& into, const option& self, std::string_view text) = nullptr;
    /// The value as one line of a configuration for each '\n'-separated part. May be null.
    std::string (*show)(const view& from) = nullptr;
};

/// All rows, by theme. Static storage.
std::span<const option> options();

/// The row for `name`, or null.
const option* find_option(std::string_view name);

/// The known name nearest to `name` in edits; empty if none is near. Static storage.
std::string_view nearest_option(std::string_view name);

/// "a whole number from 0 to 65535": what may stand behind the name.
std::string expected(const option& of);

/// The default as it would be written; empty if there is none to write.
std::string default_value(const option& of);

/// "global", "works", … as the help prints them. Static storage.
std::string_view describe(scope of) noexcept;
std::string_view describe(status of) noexcept;

}  // namespace nightjar::broker::config
