#include <algorithm>
#include <array>

#include "field.hpp"

// The broker as a whole, and its engine room.

namespace nightjar::broker::config {

namespace {

constexpr std::int64_t path_max = 4095;
constexpr value_type cpu_number{.is = form::number, .min = 0, .max = 1023};  // CPU_SETSIZE

constexpr std::array engines{
    word{"auto", static_cast<std::uint8_t>(broker_config::engine_kind::automatic)},
    word{"epoll", static_cast<std::uint8_t>(broker_config::engine_kind::epoll)},
    word{"io_uring", static_cast<std::uint8_t>(broker_config::engine_kind::io_uring)},
    word{"libuv", static_cast<std::uint8_t>(broker_config::engine_kind::libuv)},
    word{"libevent", static_cast<std::uint8_t>(broker_config::engine_kind::libevent)},
};

constexpr option workers() {
    option made = number<&broker_config::workers>(
        "workers", 0, 64,
        "Threads that serve clients; 0 or auto for one per core. Nightjar's own.");
    made.type.zero = "auto";
    return made;
}

/// One CPU or a range of them, appended to `cpus`; false if it is neither.
bool add_cpus(std::string_view part, std::vector<std::uint16_t>& cpus) {
    const auto dash = part.find('-');
    const auto first = number_of(cpu_number, part.substr(0, dash));
    const auto last = dash == part.npos ? first : number_of(cpu_number, part.substr(dash + 1));
    if (!first || !last || *first > *last) return false;
    for (auto cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<std::uint16_t>(cpu));
    return std::cmp_less_equal(cpus.size(), cpu_number.max + 1);
}

complaint read_affinity(draft& d, const option& self, std::string_view text) {
    affinity_config made{.pin = text != "none", .cpus = {}};
    std::string_view rest = text == "none" || text == "cores" ? std::string_view{} : text;
    if (text.empty()) return wrong(self, text);
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        if (end + 1 == rest.size() || !add_cpus(trim(rest.substr(0, end)), made.cpus))
            return wrong(self, text);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    d.value.affinity = std::move(made);
    return {};
}

std::string show_affinity(const view& from) {
    const affinity_config& how = from.broker.affinity;
    if (!how.pin) return "none";
    if (how.cpus.empty()) return "cores";
    std::string all;
    for (const auto cpu : how.cpus) all += (all.empty() ? "" : ",") + show_integer(cpu);
    return all;
}

constexpr auto rows = std::to_array<option>({
    {.name = "include_dir",
     .type = {.is = form::special, .syntax = "a DIRECTORY"},
     .help = "Reads all files of this directory whose names end in .conf, sorted by name "
             "regardless of case, as if they stood here. A listener's scope ends with its file.",
     .repeats = true,
     .read = read_include},
    fixed(text<&broker_config::pid_file>(
        "pid_file", "a PATH", path_max,
        "Writes the process id there; removed at the end. A file that cannot be written stops the "
        "start.")),
    number<&broker_config::sys_interval>(
        "sys_interval", 0, 65535,
        "Seconds between updates of the $SYS topics; 0 for no such topics."),
    flag<&broker_config::retain_available>("retain_available",
                                           "Keeps retained messages. MQTT 5 clients are told."),
    flag<&broker_config::queue_qos0_messages>(
        "queue_qos0_messages", "Keeps QoS 0 messages as well for clients that are away."),
    flag<&broker_config::upgrade_outgoing_qos>(
        "upgrade_outgoing_qos",
        "Delivers with the subscription's QoS even if the message came with a lower one."),
    fixed(flag<&broker_config::set_tcp_nodelay>(
        "set_tcp_nodelay",
        "Sends each turn's output at once (TCP_NODELAY). False lets the kernel join small packets, "
        "which costs up to 40 ms; Mosquitto's default.")),
    flag<&broker_config::allow_duplicate_messages>(
        "allow_duplicate_messages",
        "Whether a client whose subscriptions overlap may get a message more than once. Here each "
        "gets one copy, with the highest QoS of those that match, which either value allows."),
    flag<&broker_config::check_retain_source>(
        "check_retain_source",
        "Sends a retained message only while its publisher may still write the topic. Everybody "
        "may, as long as there are no access lists."),
    fixed(text<&broker_config::user>(
        "user", "a NAME", 255,
        "Whom to become, with the primary group, once the listeners are open. Only when started by "
        "root. Without it the broker keeps the user that started it.")),
    fixed(workers()),
    {.name = "cpu_affinity",
     .type = {.is = form::special, .syntax = "none, cores, or a list of CPUs such as 0,2-5"},
     .help = "Keeps each worker on one CPU: cores takes those that the process may use, one after "
             "the other. Nightjar's own.",
     .needs_restart = true,
     .read = read_affinity,
     .show = show_affinity},
    fixed(choice<&broker_config::engine, engines>(
        "engine",
        "How sockets are served; auto takes io_uring where the kernel allows it. Nightjar's own.")),
});

}  // namespace

std::span<const option> general_options() { return rows; }

}  // namespace nightjar::broker::config
