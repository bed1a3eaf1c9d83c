// Flags of `nightjar sub`: what to subscribe to, what to print of it, and when to stop.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "flags.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

trouble set_count(settings& s, std::string_view value, none&) {
    const auto count = to_number(value, 1, 0x7FFFFFFF);
    if (!count) return usage_error{fmt::format("Invalid message count \"{}\".", value)};
    s.count = static_cast<std::uint32_t>(*count);
    return {};
}

trouble set_timeout(settings& s, std::string_view value, none&) {
    const auto seconds = to_number(value, 1, 0x7FFFFFFF);
    if (!seconds) return usage_error{fmt::format("Invalid timeout \"{}\".", value)};
    s.timeout_s = static_cast<std::uint32_t>(*seconds);
    return {};
}

trouble set_printed(settings& s, std::string_view value, none&) {
    double percent = 0;
    const auto [end, why] = std::from_chars(value.data(), value.data() + value.size(), percent);
    const bool is_whole = why == std::errc{} && end == value.data() + value.size();
    if (!is_whole || !(percent >= 0.1) || percent > 100.0)
        return usage_error{"--random-filter chance must be between 0.1-100.0"};
    s.printed_percent = percent;
    return {};
}

template <bool settings::*which, bool value = true>
trouble set(settings& s, std::string_view, none&) {
    s.*which = value;
    return {};
}

constexpr auto table = std::to_array<flag>({
    {"-t", "--topic", tool::sub, "FILTER", "subscribe to FILTER; any number of times",
     [](settings& s, std::string_view v, none&) { return s.topics.emplace_back(v), trouble{}; }},
    {"-T", "--filter-out", tool::sub, "FILTER", "print nothing that matches FILTER",
     [](settings& s, std::string_view v, none&) {
         return s.filtered_out.emplace_back(v), trouble{};
     }},
    {"-U", "--unsubscribe", tool::sub, "FILTER", "unsubscribe from FILTER",
     [](settings& s, std::string_view v, none&) {
         return s.unsubscribed.emplace_back(v), trouble{};
     }},
    {"-v", "--verbose", tool::sub, "", "print the topic in front of the payload",
     set<&settings::is_verbose>},
    {"-F", "", tool::sub, "FORMAT", "print by FORMAT, see mosquitto_sub(1)",
     [](settings& s, std::string_view v, none&) {
         return s.format = v, s.has_format = true, trouble{};
     }},
    {"", "--pretty", tool::sub, "", "print JSON over several lines", set<&settings::is_pretty>},
    {"-N", "", tool::sub, "", "no end of line behind a message", set<&settings::ends_lines, false>},
    {"-C", "", tool::sub, "COUNT", "exit after COUNT messages", set_count},
    {"-W", "", tool::sub, "SECONDS", "exit after that time, with code 27", set_timeout},
    {"-E", "", tool::sub, "", "exit as soon as subscribed", set<&settings::exits_when_subscribed>},
    {"-R", "", tool::sub, "", "print no stale messages (those with retain set)",
     set<&settings::skips_retained>},
    {"", "--retained-only", tool::sub, "", "print stale ones only; exit at the first fresh one",
     set<&settings::only_retained>},
    {"", "--remove-retained", tool::sub, "", "remove each retained message that comes",
     set<&settings::removes_retained>},
    {"", "--retain-as-published", tool::sub, "", "retain as the publisher set it (5.0)",
     set<&settings::retain_as_published>},
    {"", "--random-filter", tool::sub, "PERCENT", "print that part of the messages only",
     set_printed},
});

}  // namespace

std::span<const flag> output_flags() noexcept { return table; }

}  // namespace nightjar::app
