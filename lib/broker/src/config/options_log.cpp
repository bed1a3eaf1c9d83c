#include <array>

#include "field.hpp"

// What is said, and to whom.

namespace nightjar::broker::config {

namespace {

struct type_name {
    std::string_view name;
    std::uint32_t bits;
};
constexpr std::array types{
    type_name{"error", log_config::error},
    type_name{"warning", log_config::warning},
    type_name{"notice", log_config::notice},
    type_name{"information", log_config::information},
    type_name{"subscribe", log_config::subscribe},
    type_name{"unsubscribe", log_config::unsubscribe},
    type_name{"debug", log_config::debug},
    type_name{"websockets", log_config::websockets},
};

struct destination {
    std::string_view name;
    bool log_config::*on;
};
constexpr std::array destinations{
    destination{"stdout", &log_config::to_stdout},
    destination{"stderr", &log_config::to_stderr},
    destination{"syslog", &log_config::to_syslog},
    destination{"topic", &log_config::to_topic},
};

void silence(log_config& log) {
    for (const auto& one : destinations) log.*one.on = false;
    log.file.clear();
}

/// The first one of a file replaces the default, those after it add up; `none` takes back what came
/// before.
complaint read_dest(draft& d, const option& self, std::string_view text) {
    log_config next = d.value.log;
    if (d.first_time(self)) silence(next);
    std::string_view rest = text;
    const auto name = take_word(rest);
    bool known = name == "none" && rest.empty();
    if (known) silence(next);
    for (const auto& one : destinations) {
        if (name != one.name || !rest.empty()) continue;
        next.*one.on = known = true;
    }
    if (name == "file" && !rest.empty()) {
        if (!next.file.empty()) return "there is a file already; only one is possible";
        next.file = rest;
        known = true;
    }
    if (!known) return wrong(self, text);
    d.value.log = std::move(next);
    return {};
}

complaint read_type(draft& d, const option& self, std::string_view text) {
    auto bits = d.first_time(self) ? 0 : d.value.log.types;
    bool known = text == "all" || text == "none";
    if (known) bits = text == "all" ? std::uint32_t{log_config::all} : 0;
    for (const auto& one : types) {
        if (text != one.name) continue;
        bits |= one.bits;
        known = true;
    }
    if (!known) return wrong(self, text);
    d.value.log.types = bits;
    return {};
}

void add_line(std::string& lines, std::string_view line) {
    if (!lines.empty()) lines += '\n';
    lines += line;
}

std::string show_dest(const view& from) {
    std::string lines;
    for (const auto& one : destinations) {
        if (from.broker.log.*one.on) add_line(lines, one.name);
    }
    if (!from.broker.log.file.empty()) add_line(lines, "file " + from.broker.log.file);
    return lines.empty() ? "none" : lines;
}

std::string show_types(const view& from) {
    std::string lines;
    for (const auto& one : types) {
        if ((from.broker.log.types & one.bits) != 0) add_line(lines, one.name);
    }
    return lines.empty() ? "none" : lines;
}

constexpr std::array formats{
    word{"text", static_cast<std::uint8_t>(log_config::format_kind::text)},
    word{"json", static_cast<std::uint8_t>(log_config::format_kind::json)},
};

constexpr option facility() {
    option made = number<&log_config::facility>(
        "log_facility", 0, 7, "Sends syslog lines as local0 to local7 instead of daemon.");
    made.show = [](const view& from) {
        const auto which = from.broker.log.facility;
        return which < 0 ? std::string() : show_integer(which);
    };
    return made;
}

constexpr auto rows = std::to_array<option>({
    {.name = "log_dest",
     .type = {.is = form::special,
              .syntax = "one of: stdout, stderr, file PATH, syslog, topic, none"},
     .help = "Where log lines go. May be given several times; the first one replaces the default.",
     .repeats = true,
     .read = read_dest,
     .show = show_dest},
    {.name = "log_type",
     .type = {.is = form::special,
              .syntax = "one of: error, warning, notice, information, subscribe, unsubscribe, "
                        "debug, websockets, all, none"},
     .help = "Which log lines there are. May be given several times; the first one replaces the "
             "default.",
     .repeats = true,
     .read = read_type,
     .show = show_types},
    choice<&log_config::format, formats>(
        "log_format",
        "How lines are written: text as Mosquitto does, or json, an object a line with time, type "
        "and message, and client, address, listener and reason where they are known. Nightjar's "
        "own."),
    facility(),
    flag<&log_config::timestamp>("log_timestamp", "Starts each log line with the time."),
    text<&log_config::timestamp_format>("log_timestamp_format", "a FORMAT as for strftime", 256,
                                        "How that time is written. Seconds since 1970 by default."),
    flag<&log_config::connection_messages>("connection_messages", "Logs clients that come and go."),
});

}  // namespace

std::span<const option> log_options() { return rows; }

}  // namespace nightjar::broker::config
