// Flags of both tools: where to connect to, and as whom.
#include <fmt/format.h>

#include <array>
#include <cstring>

#include "flags.hpp"

namespace nightjar::app {
namespace {

using none = argument_list;

trouble set_port(settings& s, std::string_view value, none&) {
    const auto port = to_number(value, 1, 65535);
    if (!port) return usage_error{fmt::format("Invalid port given: {}", value)};
    s.how.port = static_cast<std::uint16_t>(*port);
    return {};
}

trouble set_keep_alive(settings& s, std::string_view value, none&) {
    const auto seconds = to_number(value, 5, 65535);
    if (!seconds)
        return usage_error{"Invalid keepalive given, it must be between 5 and 65535 inclusive."};
    s.how.keep_alive_s = static_cast<std::uint16_t>(*seconds);
    return {};
}

trouble set_version(settings& s, std::string_view value, none&) {
    if (value == "mqttv31" || value == "31")
        s.how.version = mqtt::version::v3_1;
    else if (value == "mqttv311" || value == "311")
        s.how.version = mqtt::version::v3_1_1;
    else if (value == "mqttv5" || value == "5")
        s.how.version = mqtt::version::v5;
    else
        return usage_error{"Invalid protocol version argument given."};
    return {};
}

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

trouble set_will_qos(settings& s, std::string_view value, none&) {
    const auto level = to_number(value, 0, 2);
    if (!level) return usage_error{fmt::format("Invalid will QoS {}.", value)};
    s.will_level = static_cast<mqtt::qos>(*level);
    return {};
}

trouble set_qos(settings& s, std::string_view value, none&) {
    const auto level = to_number(value, 0, 2);
    if (!level) return usage_error{fmt::format("Invalid QoS given: {}", value)};
    s.level = static_cast<mqtt::qos>(*level);
    return {};
}

trouble set_in_flight(settings& s, std::string_view value, none&) {
    const auto most = to_number(value, 1, 65535);
    if (!most) return usage_error{"Maximum inflight messages must be greater than 0."};
    s.how.in_flight_max = static_cast<std::uint16_t>(*most);
    return {};
}

trouble set_engine(settings& s, std::string_view value, none&) {
    const auto kind = io::parse_engine(value);
    if (!kind)
        return usage_error{
            fmt::format("There is no engine '{}'; take auto, epoll or io_uring.", value)};
    s.engine = *kind;
    return {};
}

constexpr auto table = std::to_array<flag>({
    {"", "--help", tool::both, "", "print this",
     [](settings& s, std::string_view, none&) { return s.asks_help = true, trouble{}; }},
    {"-h", "--host", tool::both, "HOST", "name or address of the broker (localhost)",
     [](settings& s, std::string_view v, none&) { return s.how.host = v, trouble{}; }},
    {"-p", "--port", tool::both, "PORT", "its port (1883)", set_port},
    {"", "--unix", tool::both, "PATH", "a Unix socket instead of host and port",
     [](settings& s, std::string_view v, none&) { return s.how.unix_path = v, trouble{}; }},
    {"-L", "--url", tool::both, "URL", "mqtt://[USER[:PASSWORD]@]HOST[:PORT]/TOPIC",
     [](settings& s, std::string_view v, none&) { return read_url(s, v); }},
    {"-u", "--username", tool::both, "NAME", "user name",
     [](settings& s, std::string_view v, none&) { return s.how.user_name = v, trouble{}; }},
    {"-P", "--pw", tool::both, "PASSWORD", "password",
     [](settings& s, std::string_view v, none&) { return s.how.password = v, trouble{}; }},
    {"-i", "--id", tool::both, "ID", "client identifier",
     [](settings& s, std::string_view v, none&) { return s.how.client_id = v, trouble{}; }},
    {"-I", "--id-prefix", tool::both, "PREFIX", "client identifier: PREFIX and the process id",
     [](settings& s, std::string_view v, none&) { return s.id_prefix = v, trouble{}; }},
    {"-k", "--keepalive", tool::both, "SECONDS", "keep alive (60)", set_keep_alive},
    {"-c", "--disable-clean-session", tool::both, "", "keep the session; needs -i",
     [](settings& s, std::string_view, none&) { return s.is_persistent = true, trouble{}; }},
    {"-x", "--session-expiry-interval", tool::both, "SECONDS",
     "how long the session outlives the connection; -1: for ever (5.0)", set_expiry},
    {"-V", "--protocol-version", tool::both, "VERSION", "31, 311 (the default) or 5", set_version},
    {"-D", "--property", tool::both, "COMMAND", "IDENTIFIER [NAME] VALUE: a property (5.0)",
     [](settings& s, std::string_view v, argument_list& rest) {
         return read_property(s, v, rest);
     }},
    {"-M", "--max-inflight", tool::both, "COUNT", "QoS 1 and 2 in flight at most", set_in_flight},
    {"", "--nodelay", tool::both, "", "accepted: the tools never wait to fill a packet",
     [](settings& s, std::string_view, none&) { return s.how.no_delay = true, trouble{}; }},
    {"", "--will-topic", tool::both, "TOPIC", "topic of the will",
     [](settings& s, std::string_view v, none&) { return s.will_topic = v, trouble{}; }},
    {"", "--will-payload", tool::both, "TEXT", "its payload",
     [](settings& s, std::string_view v, none&) { return s.will_payload = v, trouble{}; }},
    {"", "--will-qos", tool::both, "QOS", "its QoS", set_will_qos},
    {"", "--will-retain", tool::both, "", "it is retained",
     [](settings& s, std::string_view, none&) { return s.will_retain = true, trouble{}; }},
    {"-q", "--qos", tool::both, "QOS", "quality of service: 0 (the default), 1 or 2", set_qos},
    {"-d", "--debug", tool::both, "", "print each packet",
     [](settings& s, std::string_view, none&) { return s.is_traced = true, trouble{}; }},
    {"", "--quiet", tool::both, "", "print no errors",
     [](settings& s, std::string_view, none&) { return s.is_quiet = true, trouble{}; }},
    {"", "--engine", tool::both, "ENGINE", "auto, epoll or io_uring", set_engine},
});

}  // namespace

std::span<const flag> connection_flags() noexcept { return table; }

}  // namespace nightjar::app
