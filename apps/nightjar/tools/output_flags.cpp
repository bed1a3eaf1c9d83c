// Flags of `nightjar sub` and `nightjar rr`: what to subscribe to, what to print of it, and when to
// stop.
#include <array>

#include "flag_table.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

constexpr char of_topic[] = "-t", of_filter[] = "-T", of_unsubscribe[] = "-U";

template <auto which, const char* name>
trouble add_filter(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text(name, value)) return bad;
    (s.*which).emplace_back(value);
    return {};
}

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
    const auto percent = to_real(value, 0.1, 100.0);
    if (!percent) return usage_error{"--random-filter chance must be between 0.1-100.0"};
    s.printed_percent = *percent;
    return {};
}

trouble set_retain_handling(settings& s, std::string_view value, none&) {
    using enum mqtt::retain_handling;
    if (value == "always")
        s.retained = send;
    else if (value == "new")
        s.retained = send_if_new;
    else if (value == "never")
        s.retained = do_not_send;
    else
        return usage_error{fmt::format(
            "Unknown value '{}' for --retain-handling; take always, new or never.", value)};
    return {};
}

trouble set_format(settings& s, std::string_view value, none&) {
    s.format = value;
    s.has_format = true;
    return {};
}

constexpr auto of_subscription = std::to_array<flag>({
    {"-t", "--topic", tool::sub, "topic", "subscribe to this filter; any number of times",
     add_filter<&settings::topics, of_topic>},
    {"-U", "--unsubscribe", tool::sub, "unsubscribe topic", "unsubscribe from this filter",
     add_filter<&settings::unsubscribed, of_unsubscribe>},
    {"", "--retain-handling", tool::readers, "retain handling",
     "retained messages: always, new (subscription) or never (5.0)", set_retain_handling},
    {"", "--retain-as-published", tool::readers, "", "retain as the publisher set it (5.0)",
     set<&settings::retain_as_published>},
    {"", "--remove-retained", tool::sub, "", "remove each retained message that comes",
     set<&settings::removes_retained>},
    {"-C", "", tool::sub, "count", "exit after that many messages", set_count},
    {"-E", "", tool::sub, "", "exit as soon as subscribed", set<&settings::exits_when_subscribed>},
    {"-W", "", tool::readers, "timeout", "exit after that many seconds, with code 27", set_timeout},
});

constexpr auto of_output = std::to_array<flag>({
    {"-v", "--verbose", tool::readers, "", "print the topic in front of the payload",
     set<&settings::is_verbose>},
    {"-F", "", tool::readers, "format", "print by this format, see nightjar-sub(1)", set_format},
    {"", "--pretty", tool::readers, "", "print JSON over several lines", set<&settings::is_pretty>},
    {"-N", "", tool::readers, "", "no end of line behind a message",
     set<&settings::ends_lines, false>},
    {"-R", "", tool::readers, "", "print no stale messages (those with retain set)",
     set<&settings::skips_retained>},
    {"", "--retained-only", tool::sub, "", "print stale ones only; exit at the first fresh one",
     set<&settings::only_retained>},
    {"-T", "--filter-out", tool::sub, "topic filter", "print nothing that matches this filter",
     add_filter<&settings::filtered_out, of_filter>},
    {"", "--random-filter", tool::sub, "chance", "print that percentage of the messages only",
     set_printed},
    {"-w", "--watch", tool::sub, "", "print each topic on a line of its own, the newest message",
     set<&settings::is_watched>},
    {"", "--message-rate", tool::sub, "", "print how many messages came, once a second",
     set<&settings::shows_rate>},
    {"", "--latency", tool::rr, "", "print how long the response took",
     set<&settings::shows_latency>},
});

}  // namespace

std::span<const flag> subscription_flags() noexcept { return of_subscription; }
std::span<const flag> output_flags() noexcept { return of_output; }

}  // namespace nightjar::app
