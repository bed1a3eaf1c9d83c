// Flags of all tools: where to connect to, and as whom.
#include <array>

#include "flag_table.hpp"

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
    else if (value == "mqttv5" || value == "5" || value == "mqttv50" || value == "50")
        s.how.version = mqtt::version::v5;
    else
        return usage_error{"Invalid protocol version argument given."};
    return {};
}

trouble set_user(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text("-u", value)) return bad;
    s.how.user_name = value;
    return {};
}

trouble set_password(settings& s, std::string_view value, none&) {
    if (value.size() > 65535) return usage_error{"The -P argument is longer than 65535 bytes."};
    s.how.password = value;
    return {};
}

trouble set_id(settings& s, std::string_view value, none&) {
    if (auto bad = bad_text("-i", value)) return bad;
    s.given_id = value;
    return {};
}

trouble set_id_prefix(settings& s, std::string_view value, none&) {
    // Ten characters are for the process id.
    if (auto bad = bad_text("-I", value)) return bad;
    if (value.size() > 65525) return usage_error{"The -I argument is longer than 65525 bytes."};
    s.id_prefix = value;
    return {};
}

trouble set_in_flight(settings& s, std::string_view value, none&) {
    const auto most = to_number(value, 1, 65535);
    if (!most) return usage_error{"Maximum inflight messages must be greater than 0."};
    s.how.in_flight_max = static_cast<std::uint16_t>(*most);
    return {};
}

constexpr auto table = std::to_array<flag>({
    {"-h", "--host", tool::all, "host", "name or address of the broker (localhost)",
     keep_how<&client::options::host>},
    {"-p", "--port", tool::all, "port", "its port (1883)", set_port},
    {"", "--unix", tool::all, "socket path", "a Unix socket instead of host and port",
     keep_how<&client::options::unix_path>},
    {"-L", "--url", tool::all, "URL", "mqtt://[user[:password]@]host[:port]/topic",
     [](settings& s, std::string_view v, none&) { return read_url(s, v); }},
    {"-u", "--username", tool::all, "username", "user name", set_user},
    {"-P", "--pw", tool::all, "password", "password; -o keeps it out of the process list",
     set_password},
    {"-i", "--id", tool::all, "id", "client identifier", set_id},
    {"-I", "--id-prefix", tool::all, "id prefix", "client identifier: this and the process id",
     set_id_prefix},
    {"-k", "--keepalive", tool::all, "keepalive", "keep alive in seconds (60)", set_keep_alive},
    {"-V", "--protocol-version", tool::all, "version", "31, 311 or 5 (311; rr: 5)", set_version},
    {"-M", "--max-inflight", tool::all, "count", "messages of QoS 1 and 2 in flight at most (256)",
     set_in_flight},
    {"", "--nodelay", tool::all, "", "accepted: the tools never wait to fill a packet",
     [](settings& s, std::string_view, none&) { return s.how.no_delay = true, trouble{}; }},
});

}  // namespace

std::span<const flag> connection_flags() noexcept { return table; }

}  // namespace nightjar::app
