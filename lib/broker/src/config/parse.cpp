#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "draft.hpp"

namespace nightjar::broker::config {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string unknown(std::string_view name) {
    const auto near = nearest_option(name);
    return near.empty() ? "unknown option" : fmt::format("unknown option; did you mean {}?", near);
}

bool is_text(std::string_view line) {
    return std::none_of(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

void read_line(draft& into, std::string_view line) {
    if (line.size() > line_max) {
        return into.say(severity::error, into.at, {},
                        fmt::format("a line of more than {} bytes", line_max));
    }
    line = trim(line);
    if (line.empty() || line.front() == '#') return;
    if (!is_text(line))
        return into.say(severity::error, into.at, {}, "a control character within the line");
    const auto name = take_word(line);
    read_option(into, name, line);
}

/// As in Mosquitto: of numbers, flags and words the last one counts, a text may stand only once.
void judge_repeat(draft& into, const option& one) {
    if (one.repeats || into.first_time(one)) return;
    const place& before = into.given_in(one.where).at(one.name);
    if (into.at.file.empty())
        return into.say(severity::warning, into.at, one.name, "given twice; the last one counts");
    const bool only_once = one.type.is == form::text;
    into.say(only_once ? severity::error : severity::warning, into.at, one.name,
             fmt::format("given before, at {}:{}; {}", before.file, before.line,
                         only_once ? "remove one of the two" : "the last one counts"));
}

bool is_fine(const option& one, std::string_view value) {
    if (one.fine.empty()) return false;
    return value == one.fine || (value == "0" && one.fine == "false");
}

void answer_unsupported(draft& into, const option& one, std::string_view name,
                        std::string_view value) {
    if (is_fine(one, value)) return;
    if (one.what == status::harmless) {
        return into.say(severity::warning, into.at, name,
                        fmt::format("has no effect: {}", one.help));
    }
    into.say(severity::error, into.at, name,
             fmt::format("not supported in this version: {}", one.help));
}

std::size_t rest_of_line(std::string_view text) { return std::min(text.find('\n'), text.size()); }

}  // namespace

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view take_word(std::string_view& rest) noexcept {
    const auto end = std::min(rest.find_first_of(blanks), rest.size());
    const auto found = rest.substr(0, end);
    rest = trim(rest.substr(end));
    return found;
}

void read_option(draft& into, std::string_view name, std::string_view value) {
    const option* const one = find_option(name);
    if (!one) {
        constexpr std::size_t shown_max = 60;
        return into.say(severity::error, into.at, name.substr(0, shown_max), unknown(name));
    }
    if (one->what != status::works) return answer_unsupported(into, *one, name, value);
    judge_repeat(into, *one);
    if (auto why = one->read(into, *one, value))
        return into.say(severity::error, into.at, one->name, std::move(*why));
    into.given_in(one->where)[one->name] = into.at;
}

void read_source(draft& into, const source& from) {
    const auto outer = std::exchange(into.at, {from.name, 0});
    const auto outer_listener = std::exchange(into.current, 0);
    std::string_view text = from.text;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        ++into.at.line;
        const auto length = rest_of_line(text);
        read_line(into, text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    into.at = outer;
    into.current = outer_listener;
}

loaded parse(std::string_view text, std::string_view name, const directory_reader& read_directory,
             std::span<const setting> command_line) {
    draft reading;
    reading.read_directory = &read_directory;
    read_source(reading, {std::string(name.empty() ? "configuration" : name), std::string(text)});
    for (const setting& one : command_line) {
        reading.current = 0;
        read_option(reading, trim(one.name), trim(one.value));
    }
    reading.at.file = name;
    return std::move(reading).finish();
}

}  // namespace nightjar::broker::config
