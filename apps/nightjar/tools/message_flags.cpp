// Flags of `nightjar pub`: what to send.
#include <array>
#include <charconv>

#include "flags.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

trouble set_source(settings& s, payload_source which, std::string_view value) {
    if (s.source != payload_source::none)
        return usage_error{"Only one type of message can be sent at once."};
    s.source = which;
    s.payload = value;
    return {};
}

template <payload_source which>
trouble set_source(settings& s, std::string_view value, none&) {
    return set_source(s, which, value);
}

trouble set_repeat(settings& s, std::string_view value, none&) {
    const auto times = to_number(value, 1, 0x7FFFFFFF);
    if (!times) return usage_error{"--repeat argument must be >0."};
    s.repeat = static_cast<std::uint32_t>(*times);
    return {};
}

trouble set_repeat_delay(settings& s, std::string_view value, none&) {
    double seconds = 0;
    const auto [end, why] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    const bool is_whole = why == std::errc{} && end == value.data() + value.size();
    if (!is_whole || !(seconds >= 0) || seconds > 1e9)
        return usage_error{"--repeat-delay argument must be >=0.0."};
    s.repeat_delay = std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
    return {};
}

constexpr auto table = std::to_array<flag>({
    {"-t", "--topic", tool::pub, "TOPIC", "topic to publish to",
     [](settings& s, std::string_view v, none&) {
         return s.topics.assign(1, std::string(v)), trouble{};
     }},
    {"-m", "--message", tool::pub, "TEXT", "send TEXT", set_source<payload_source::text>},
    {"-n", "--null-message", tool::pub, "", "send an empty message",
     set_source<payload_source::nothing>},
    {"-f", "--file", tool::pub, "FILE", "send the contents of FILE",
     set_source<payload_source::file>},
    {"-s", "--stdin-file", tool::pub, "", "send the standard input as one message",
     set_source<payload_source::input>},
    {"-l", "--stdin-line", tool::pub, "", "send each line of the standard input",
     set_source<payload_source::input_lines>},
    {"-r", "--retain", tool::pub, "", "the message is retained",
     [](settings& s, std::string_view, none&) { return s.retain = true, trouble{}; }},
    {"", "--repeat", tool::pub, "COUNT", "send it COUNT times", set_repeat},
    {"", "--repeat-delay", tool::pub, "SECONDS", "with a pause between", set_repeat_delay},
});

}  // namespace

std::span<const flag> message_flags() noexcept { return table; }

}  // namespace nightjar::app
