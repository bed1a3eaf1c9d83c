// Flags of all tools: what the session, its properties and its will are like; and what concerns
// the tool itself.
#include <array>

#include "flag_table.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

trouble set_expiry(settings& s, std::string_view value, none&) {
    constexpr long long forever = 0xFFFFFFFF;
    if (value == "∞" || value == "-1") {
        s.how.session_expiry_s = static_cast<std::uint32_t>(forever);
        return {};
    }
    if (!to_number(value, -forever, 1LL << 62))
        return usage_error{"session-expiry-interval not a number."};
    const auto seconds = to_number(value, 0, forever);
    if (!seconds) return usage_error{"session-expiry-interval out of range."};
    s.how.session_expiry_s = static_cast<std::uint32_t>(*seconds);
    return {};
}

trouble set_qos(settings& s, std::string_view value, none&) {
    const auto level = to_number(value, 0, 2);
    if (!level) return usage_error{fmt::format("Invalid QoS given: {}", value)};
    s.level = static_cast<mqtt::qos>(*level);
    return {};
}

trouble set_will_qos(settings& s, std::string_view value, none&) {
    const auto level = to_number(value, 0, 2);
    if (!level) return usage_error{fmt::format("Invalid will QoS {}.", value)};
    s.will_level = static_cast<mqtt::qos>(*level);
    return {};
}

trouble set_will_topic(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text("--will-topic", value)) return bad;
    s.will_topic = value;
    return {};
}

trouble set_will_payload(settings& s, std::string_view value, none&) {
    if (value.size() > 65535)
        return usage_error{"The --will-payload argument is longer than 65535 bytes."};
    s.will_payload = value;
    return {};
}

trouble set_engine(settings& s, std::string_view value, none&) {
    const auto kind = io::parse_engine(value);
    if (!kind)
        return usage_error{fmt::format(
            "There is no engine '{}'; take auto, epoll, io_uring, libuv or libevent.", value)};
    s.engine = *kind;
    return {};
}

constexpr auto of_session = std::to_array<flag>({
    {"-q", "--qos", tool::all, "QoS", "quality of service: 0 (the default), 1 or 2", set_qos},
    {"-c", "--disable-clean-session", tool::all, "", "keep the session; needs -i or -I",
     set<&settings::is_persistent>},
    {"-x", "--session-expiry-interval", tool::all, "session expiry interval",
     "seconds that the session outlives the connection; -1: for ever (5.0)", set_expiry},
    {"-D", "--property", tool::all, "command", "<identifier> [<name>] <value>: a property (5.0)",
     [](settings& s, std::string_view v, argument_list& rest) {
         return read_property(s, v, rest);
     }},
});

constexpr auto of_will = std::to_array<flag>({
    {"", "--will-topic", tool::all, "will topic", "topic of the will", set_will_topic},
    {"", "--will-payload", tool::all, "will payload", "its payload", set_will_payload},
    {"", "--will-qos", tool::all, "will QoS", "its QoS", set_will_qos},
    {"", "--will-retain", tool::all, "", "it is retained", set<&settings::will_retain>},
});

constexpr auto of_tool = std::to_array<flag>({
    {"-d", "--debug", tool::all, "", "print a line per packet", set<&settings::is_traced>},
    {"", "--quiet", tool::all, "", "print no errors", set<&settings::is_quiet>},
    {"-o", "", tool::all, "options file", "flags from a file, a line each, before those given here",
     keep<&settings::options_file>},
    {"", "--engine", tool::all, "engine", "auto, epoll, io_uring, libuv or libevent", set_engine},
    {"", "--no-tls", tool::all, "", "accepted: the tools speak plain TCP",
     [](settings&, std::string_view, none&) { return trouble{}; }},
    {"", "--version", tool::all, "", "print the version", set<&settings::asks_version>},
    {"", "--help", tool::all, "", "print this", set<&settings::asks_help>},
});

}  // namespace

std::span<const flag> session_flags() noexcept { return of_session; }
std::span<const flag> will_flags() noexcept { return of_will; }
std::span<const flag> general_flags() noexcept { return of_tool; }

}  // namespace nightjar::app
