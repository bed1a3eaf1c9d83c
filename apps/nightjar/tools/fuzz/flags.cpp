// Any command line and any options file gives settings that a client can be made of, or a sentence.
// Input: the tool, then the options file up to a 0x01, then arguments, each up to a null byte.
#include <nightjar/base/expects.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <cstddef>
#include <cstdint>

#include "../flags.hpp"
#include "../format.hpp"

namespace {

using namespace nightjar;
using namespace nightjar::app;

constexpr std::array tools{tool::pub, tool::sub, tool::rr};

void judge(const trouble& bad) {
    expects(!bad->text.empty(), "a mistake is told");
    expects(bad->code == 1 || bad->code == 2, "a mistake has its exit code");
}

/// What connect() of the client asks for, and what the packets can hold.
void judge(tool which, const settings& s) {
    const bool is_v5 = s.how.version == mqtt::version::v5;
    expects(mqtt::is_utf8(s.how.client_id) && s.how.client_id.size() <= 65535, "an identifier");
    expects(is_v5 || s.how.clean_start || !s.how.client_id.empty(), "a kept session has a name");
    expects(is_v5 || !s.how.password || s.how.user_name, "a password has a name");
    expects(!s.how.will || mqtt::is_topic_name(s.how.will->topic, {}), "a will has a topic");
    expects(s.how.in_flight_max != 0 && s.how.receive_maximum != 0, "windows are open");
    if (which != tool::sub) expects(mqtt::is_topic_name(s.topics.back(), {}), "a topic to send to");
    for (const auto* list : {&s.how.properties, &s.publish_properties, &s.will_properties})
        for (const mqtt::property& one : mqtt::properties{bytes_view{*list}})
            expects(!mqtt::name_of(one.id).empty(), "a property of the standard");
    if (s.has_format) expects(output_format::compile(s.format).has_value(), "a format that prints");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const tool which = tools[data[0] % tools.size()];
    std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::string_view file;
    if (const auto end = text.find('\x01'); end != text.npos) {
        file = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    std::vector<std::string_view> arguments;
    while (!text.empty()) {
        const auto end = text.find('\0');
        arguments.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    settings target;
    trouble bad = read_options(which, file, target);
    if (!bad) bad = read_arguments(which, arguments, target);
    if (!bad && (target.asks_help || target.asks_version)) return 0;
    if (!bad) bad = check(which, target);
    if (bad)
        judge(bad);
    else
        judge(which, target);
    return 0;
}
