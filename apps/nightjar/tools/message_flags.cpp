// Flags of `nightjar pub` and `nightjar rr`: what to send.
#include <array>

#include "flag_table.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

template <payload_source which>
trouble set_source(settings& s, std::string_view value, none&) {
    if (s.source != payload_source::none)
        return usage_error{"Only one type of message can be sent at once."};
    s.source = which;
    s.payload = value;
    return {};
}

trouble set_topic(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text("-t", value)) return bad;
    s.topics.assign(1, std::string(value));
    return {};
}

trouble set_response_topic(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text("-e", value)) return bad;
    s.response_topic = value;
    return {};
}

trouble set_repeat(settings& s, std::string_view value, none&) {
    const auto times = to_number(value, 1, 0x7FFFFFFF);
    if (!times) return usage_error{"--repeat argument must be >0."};
    s.repeat = static_cast<std::uint32_t>(*times);
    return {};
}

trouble set_repeat_delay(settings& s, std::string_view value, none&) {
    const auto seconds = to_real(value, 0, 1e9);
    if (!seconds) return usage_error{"--repeat-delay argument must be >=0.0."};
    s.repeat_delay = std::chrono::duration_cast<duration>(std::chrono::duration<double>(*seconds));
    return {};
}

constexpr auto table = std::to_array<flag>({
    {"-t", "--topic", tool::senders, "topic", "topic to publish to", set_topic},
    {"-e", "", tool::rr, "response topic", "topic that the response comes to", set_response_topic},
    {"-m", "--message", tool::senders, "message", "send this text",
     set_source<payload_source::text>},
    {"-n", "--null-message", tool::senders, "", "send an empty message",
     set_source<payload_source::nothing>},
    {"-f", "--file", tool::senders, "file", "send the contents of this file",
     set_source<payload_source::file>},
    {"-s", "--stdin-file", tool::senders, "", "send the standard input as one message",
     set_source<payload_source::input>},
    {"-l", "--stdin-line", tool::pub, "", "send each line of the standard input",
     set_source<payload_source::input_lines>},
    {"-r", "--retain", tool::pub, "", "the message is retained", set<&settings::retain>},
    {"", "--repeat", tool::pub, "count", "send it that often; not with -l", set_repeat},
    {"", "--repeat-delay", tool::pub, "time", "with so many seconds between", set_repeat_delay},
});

}  // namespace

std::span<const flag> message_flags() noexcept { return table; }

}  // namespace nightjar::app
