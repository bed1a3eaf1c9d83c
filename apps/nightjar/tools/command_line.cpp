// From arguments, and the file that -o or the user's configuration names, to settings.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "flags.hpp"

namespace nightjar::app {
namespace {

constexpr std::size_t options_file_max = 1024 * 1024;

bool is_for(const flag& one, tool which) noexcept {
    return (static_cast<unsigned>(one.whose) & static_cast<unsigned>(which)) != 0;
}

std::array<std::span<const flag>, 8> tables() noexcept {
    return {connection_flags(),   session_flags(), will_flags(),    message_flags(),
            subscription_flags(), output_flags(),  general_flags(), foreign_flags()};
}

const flag* find(tool which, std::string_view text) noexcept {
    if (text.empty()) return nullptr;
    for (const auto table : tables())
        for (const flag& one : table)
            if (is_for(one, which) && (text == one.brief || text == one.name)) return &one;
    return nullptr;
}

usage_error missing(const flag& one) {
    if (one.brief == "-D") return {"--property argument given but not enough arguments specified."};
    return {fmt::format("{} argument given but no {} specified.",
                        one.brief.empty() ? one.name : one.brief, one.value)};
}

trouble read_flag(tool which, std::string_view text, argument_list& rest, settings& target) {
    const flag* found = find(which, text);
    if (found == nullptr) return usage_error{fmt::format("Unknown option '{}'.", text)};
    if (found->value.empty()) return found->take(target, {}, rest);
    if (rest.empty()) return missing(*found);
    const std::string_view value = rest.take();
    return found->take(target, value, rest);
}

std::string_view trim(std::string_view text, std::string_view what) noexcept {
    const auto first = text.find_first_not_of(what);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(what) - first + 1);
}

/// -D has several arguments; the last is the rest of the line.
std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    std::size_t words_max = 2;
    while (!line.empty() && words.size() + 1 < words_max) {
        const auto end = line.find(' ');
        words.push_back(line.substr(0, end));
        line = end == std::string_view::npos ? "" : trim(line.substr(end), " ");
        if (words.size() == 1 && (words[0] == "-D" || words[0] == "--property")) words_max = 4;
        if (words.size() == 3 && words_max == 4 && words[2] == "user-property") words_max = 5;
    }
    if (!line.empty()) words.push_back(line);
    return words;
}

trouble read_options_file(tool which, const std::string& name, settings& target) {
    std::ifstream file(name, std::ios::binary);
    std::string text;
    if (file) text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file || file.bad())
        return usage_error{
            fmt::format("Unable to read options file \"{}\": {}.", name, std::strerror(errno))};
    if (text.size() > options_file_max)
        return usage_error{fmt::format("Options file \"{}\" is larger than 1 MiB.", name)};
    auto bad = read_options(which, text, target);
    if (bad) bad->text = fmt::format("{} (in {})", bad->text, name);
    return bad;
}

}  // namespace

trouble read_arguments(tool which, std::span<const std::string_view> arguments, settings& target) {
    argument_list rest(arguments);
    while (!rest.empty() && !target.asks_help && !target.asks_version)
        if (auto bad = read_flag(which, rest.take(), rest, target)) return bad;
    return {};
}

trouble read_options(tool which, std::string_view text, settings& target) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view raw = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::string_view line = trim(raw, " \r");
        if (line.empty() || line.starts_with('#')) continue;
        if (line.find('\0') != line.npos)
            return usage_error{"An options file is text, without null bytes."};
        if (auto bad = read_arguments(which, words_of(line), target)) return bad;
    }
    return {};
}

std::string defaults_file(tool which) {
    const auto in = [&](const char* folder, std::string_view below) {
        return fmt::format("{}{}/mosquitto_{}", folder, below, name_of(which));
    };
    if (const char* folder = std::getenv("XDG_CONFIG_HOME")) return in(folder, "");
    if (const char* folder = std::getenv("HOME")) return in(folder, "/.config");
    return {};
}

trouble read_command_line(tool which, std::span<char* const> arguments, settings& target) {
    const std::vector<std::string_view> words(arguments.begin() + 1, arguments.end());
    // Read twice: the file comes before the arguments, but they say which one it is.
    settings named;
    if (auto bad = read_arguments(which, words, named)) return bad;
    if (named.asks_help || named.asks_version) return target = std::move(named), trouble{};
    if (which == tool::rr) target.how.version = mqtt::version::v5;
    std::string file = named.options_file.value_or(defaults_file(which));
    const bool is_there = named.options_file || std::ifstream(file).is_open();
    if (is_there && !file.empty()) {
        if (auto bad = read_options_file(which, file, target)) return bad;
        if (target.asks_help || target.asks_version) return {};
    }
    if (auto bad = read_arguments(which, words, target)) return bad;
    return check(which, target);
}

std::optional<long long> to_number(std::string_view text, long long least,
                                   long long most) noexcept {
    long long value = 0;
    const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (why != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

std::optional<double> to_real(std::string_view text, double least, double most) noexcept {
    double value = 0;
    const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (why != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value) || value < least || value > most) return std::nullopt;
    return value;
}

}  // namespace nightjar::app
