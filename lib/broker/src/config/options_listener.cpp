#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "field.hpp"

// Doors, and who may come through them.

namespace nightjar::broker::config {

namespace {

constexpr value_type port_number{.is = form::number, .min = 1, .max = 65535};
constexpr std::int64_t address_max = 253;  // a host name's, RFC 1035 2.3.4

constexpr std::array domains{
    word{"ipv4", static_cast<std::uint8_t>(listener_config::domain_kind::ipv4)},
    word{"ipv6", static_cast<std::uint8_t>(listener_config::domain_kind::ipv6)},
};

constexpr std::array protocols{
    word{"mqtt", static_cast<std::uint8_t>(listener_config::protocol_kind::mqtt)},
    word{"websockets", 0, "put a reverse proxy that speaks WebSocket in front of an mqtt listener"},
    word{"http_api", 0, "remove this listener"},
};

/// PORT [ADDRESS] or 0 PATH. A listener that is not understood still takes the options below it, so
/// that they are judged and bind to nothing else.
complaint read_listener(draft& d, const option& self, std::string_view text) {
    if (d.listeners.size() > listeners_max)
        return fmt::format("more than {} listeners", listeners_max);
    d.listeners.emplace_back();
    d.current = d.listeners.size() - 1;
    listener_config& made = d.listener().value;
    d.listener().at = d.at;
    std::string_view rest = text;
    const auto first = take_word(rest);
    if (first == "0") {
        if (rest.empty()) return "port 0 is for a Unix socket and needs its path: listener 0 /path";
        if (rest.size() > unix_path_max)
            return fmt::format("a Unix socket's path has at most {} bytes", unix_path_max);
        made.unix_path = rest;
    }
    const auto port = first == "0" ? 0 : number_of(port_number, first);
    const bool address_fits = made.unix_path.empty() && rest.size() <= address_max &&
                              rest.find(' ') == rest.npos && rest.find('\t') == rest.npos;
    if (!port || (made.unix_path.empty() && !address_fits)) return wrong(self, text);
    made.port = static_cast<std::uint16_t>(*port);
    if (made.port != 0) made.address = rest;
    d.listener().opened = true;
    return {};
}

void open_default(draft& d) {
    d.current = 0;
    d.listener().opened = true;
    d.listener().at = d.at;
}

complaint read_port(draft& d, const option& self, std::string_view text) {
    const auto port = number_of(self.type, text);
    if (!port) return wrong(self, text);
    open_default(d);
    d.listener().value.port = static_cast<std::uint16_t>(*port);
    return {};
}

complaint read_bind_address(draft& d, const option& self, std::string_view text) {
    if (text.empty() || text.size() > address_max || text.find_first_of(" \t") != text.npos)
        return wrong(self, text);
    open_default(d);
    d.listener().value.address = text;
    return {};
}

complaint read_per_listener(draft& d, const option& self, std::string_view text) {
    const auto wanted = flag_of(text);
    if (!wanted) return wrong(self, text);
    if (d.per_listener == *wanted) return {};
    if (d.per_listener) return "is true already and cannot be taken back";
    for (const auto& [name, where] : d.given) {
        if (find_option(name)->where != scope::security) continue;
        return fmt::format("must stand before every security option, but {} came first", name);
    }
    d.per_listener = true;
    return {};
}

/// The options that are a listener's own whatever per_listener_settings says.
complaint read_own_anonymous(draft& d, const option& self, std::string_view text) {
    const auto value = flag_of(text);
    if (!value) return wrong(self, text);
    d.listener().value.security.allow_anonymous = *value;
    return {};
}

complaint read_own_prefix(draft& d, const option& self, std::string_view text) {
    if (text.empty() || std::cmp_greater(text.size(), self.type.max)) return wrong(self, text);
    d.listener().value.security.auto_id_prefix = text;
    return {};
}

complaint read_mount_point(draft& d, const option& self, std::string_view text) {
    if (text.empty() || std::cmp_greater(text.size(), self.type.max) ||
        text.find_first_of("#+") != text.npos)
        return wrong(self, text);
    d.listener().value.mount_point = text;
    return {};
}

complaint read_versions(draft& d, const option& self, std::string_view text) {
    constexpr value_type version{.is = form::number, .min = 3, .max = 5};
    std::uint8_t bits = 0;
    for (std::string_view rest = text; !rest.empty() || bits == 0;) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto one = number_of(version, trim(rest.substr(0, end)));
        if (!one || end + 1 == rest.size()) return wrong(self, text);
        bits |= static_cast<std::uint8_t>(1U << (*one - version.min));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    d.listener().value.versions = bits;
    return {};
}

std::string show_versions(const view& from) {
    std::string all;
    for (unsigned one = 3; one <= 5; ++one) {
        if (from.listener.accepts(one)) all += (all.empty() ? "" : ", ") + show_integer(one);
    }
    return all;
}

/// Mosquitto's older name; what it set is shown under the newer one.
constexpr option maximum_qos() {
    option made =
        number<&listener_config::max_qos>("maximum_qos", 0, 2, "Another name of max_qos.");
    made.show = nullptr;
    return made;
}

constexpr auto rows = std::to_array<option>({
    {.name = "listener",
     .type = {.is = form::special, .syntax = "PORT [ADDRESS], or 0 PATH for a Unix socket"},
     .help = "Opens a listener; the listener options below it are its own. Without an address it "
             "binds every interface. "
             "Without any listener, port or bind_address the broker binds loopback only.",
     .repeats = true,
     .needs_restart = true,
     .read = read_listener},
    {.name = "port",
     .type = port_number,
     .help =
         "Opens the default listener on this port; the listener options that follow are its own.",
     .preset = "1883",
     .needs_restart = true,
     .read = read_port},
    {.name = "bind_address",
     .type = {.is = form::text,
              .max = address_max,
              .syntax = "an ADDRESS or host name without blanks"},
     .help = "Opens the default listener on this address instead of every interface.",
     .needs_restart = true,
     .read = read_bind_address},
    fixed(text<&listener_config::interface>(
        "bind_interface", "a network interface's NAME", 15,
        "Listens on this interface only, on all of its addresses; wins over the listener's "
        "address.")),
    fixed(choice<&listener_config::socket_domain, domains>(
        "socket_domain", "Binds only the addresses of this family. Both by default.")),
    fixed(choice<&listener_config::protocol, protocols>("protocol",
                                                        "What is spoken behind this listener.")),
    lenient_number<&listener_config::max_connections>(
        "max_connections", -1, 1'000'000'000,
        "How many clients this listener serves at a time; -1 for no limit."),
    number<&listener_config::max_qos>(
        "max_qos", 0, 2, "The highest QoS that clients of this listener may publish with."),
    maximum_qos(),
    {.name = "accept_protocol_versions",
     .where = scope::listener,
     .type = {.is = form::special, .syntax = "a list of 3 (MQTT 3.1), 4 (3.1.1) and 5, as in 4, 5"},
     .help = "Which versions of MQTT are accepted.",
     .read = read_versions,
     .show = show_versions},
    {.name = "mount_point",
     .where = scope::listener,
     .type = {.is = form::text, .max = 1024, .syntax = "a topic PREFIX without # and +"},
     .help = "Stands before every topic and filter of this listener's clients, and is taken off "
             "what they are sent: they see nothing else.",
     .needs_restart = true,
     .read = read_mount_point,
     .show = [](const view& from) { return from.listener.mount_point; }},
    flag<&listener_config::use_username_as_clientid>(
        "use_username_as_clientid",
        "Takes the user name for the client id, so that nobody connects in the place of another "
        "user. Clients without a user name are refused."),
    {.name = "per_listener_settings",
     .type = {.is = form::flag},
     .help = "Makes the security options belong to the listener above them. Must stand before them "
             "all.",
     .preset = "false",
     .repeats = true,
     .read = read_per_listener},
    flag<&security_config::allow_anonymous>(
        "allow_anonymous",
        "Lets clients in that give no user name. False by default, but true while only loopback is "
        "bound because no "
        "listener was named."),
    flag<&security_config::allow_zero_length_clientid>(
        "allow_zero_length_clientid", "Makes up a client id for clients that come without one."),
    text<&security_config::auto_id_prefix>("auto_id_prefix", "a PREFIX", 50,
                                           "What made-up client ids start with."),
    {.name = "listener_allow_anonymous",
     .where = scope::listener,
     .type = {.is = form::flag},
     .help = "allow_anonymous for this listener only, whatever per_listener_settings says.",
     .read = read_own_anonymous},
    {.name = "listener_auto_id_prefix",
     .where = scope::listener,
     .type = {.is = form::text, .max = 50, .syntax = "a PREFIX"},
     .help = "auto_id_prefix for this listener only, whatever per_listener_settings says.",
     .read = read_own_prefix},
});

}  // namespace

std::span<const option> listener_options() { return rows; }

}  // namespace nightjar::broker::config
