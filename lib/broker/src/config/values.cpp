#include <fmt/format.h>
#include <array>
#include <charconv>

#include "field.hpp"

namespace nightjar::broker::config {

namespace {

struct unit {
    char letter;
    std::int64_t seconds;
};
// Months and years are the round ones of the ecosystem: 30 and 365 days.
constexpr std::array units{unit{'y', 365 * 86400}, unit{'m', 30 * 86400}, unit{'w', 7 * 86400},
                           unit{'d', 86400},       unit{'h', 3600},       unit{'s', 1}};

std::optional<std::int64_t> integer_of(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, what] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (what != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
    return value;
}

std::string quoted(std::string_view found) {
    constexpr std::size_t shown_max = 60;
    if (found.empty()) return "nothing";
    if (found.size() <= shown_max) return fmt::format("\"{}\"", found);
    return fmt::format("\"{}…\" ({} bytes)", found.substr(0, shown_max), found.size());
}

std::string word_list(std::span<const word> words) {
    std::string all;
    for (const word& one : words) {
        if (one.refusal.empty()) all += (all.empty() ? "" : ", ") + std::string(one.text);
    }
    return all;
}

std::string expected_text(const value_type& type) {
    return fmt::format("{} of 1 to {} bytes", type.syntax, type.max);
}

}  // namespace

std::optional<bool> flag_of(std::string_view text) noexcept {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return {};
}

std::optional<std::int64_t> number_of(const value_type& type, std::string_view text) noexcept {
    const auto value = !type.zero.empty() && text == type.zero ? 0 : integer_of(text);
    if (value && *value < type.min && type.less_is_min) return type.min;
    if (!value || *value < type.min || *value > type.max) return {};
    return value;
}

std::optional<std::int64_t> seconds_of(const value_type& type, std::string_view text) noexcept {
    if (text.empty()) return {};
    for (const unit& one : units) {
        if (text.back() != one.letter) continue;
        const auto count = integer_of(text.substr(0, text.size() - 1));
        if (!count || *count < 0 || *count > type.max / one.seconds) return {};
        const auto value = *count * one.seconds;
        return value < type.min ? std::nullopt : std::optional(value);
    }
    return {};
}

std::string show_seconds(std::chrono::seconds value) {
    if (value.count() == 0) return {};
    for (const unit& one : units) {
        if (value.count() % one.seconds == 0)
            return fmt::format("{}{}", value.count() / one.seconds, one.letter);
    }
    return {};
}

std::string show_integer(std::int64_t value) { return fmt::format("{}", value); }

const word* word_of(const option& self, std::string_view text, complaint& why) {
    for (const word& one : self.type.words) {
        if (one.text != text) continue;
        if (one.refusal.empty()) return &one;
        why = fmt::format("\"{}\" is not supported in this version: {}", text, one.refusal);
        return nullptr;
    }
    why = wrong(self, text);
    return nullptr;
}

std::string show_word(std::span<const word> words, std::uint8_t value) {
    for (const word& one : words) {
        if (one.value == value && one.refusal.empty()) return std::string(one.text);
    }
    return {};
}

std::string expected(const option& of) {
    switch (of.type.is) {
        case form::flag: return "true or false";
        case form::text: return expected_text(of.type);
        case form::choice: return fmt::format("one of: {}", word_list(of.type.words));
        case form::span: return "a whole number followed by s, h, d, w, m or y (seconds to years)";
        case form::special: return std::string(of.type.syntax);
        case form::number: break;
    }
    const auto range = fmt::format("a whole number from {} to {}", of.type.min, of.type.max);
    return of.type.zero.empty() ? range : fmt::format("{}, or {}", range, of.type.zero);
}

complaint wrong(const option& self, std::string_view found) {
    auto sentence = fmt::format("expected {}, found {}", expected(self), quoted(found));
    if (found.find(" #") != found.npos)
        sentence += " (a # starts a comment only at the beginning of a line)";
    return sentence;
}

}  // namespace nightjar::broker::config
