#include <array>

#include "field.hpp"

// The broker as a whole, and its engine room.

namespace nightjar::broker::config {

namespace {

constexpr std::int64_t path_max = 4095;

constexpr std::array engines{
    word{"auto", static_cast<std::uint8_t>(broker_config::engine_kind::automatic)},
    word{"epoll", static_cast<std::uint8_t>(broker_config::engine_kind::epoll)},
    word{"io_uring", static_cast<std::uint8_t>(broker_config::engine_kind::io_uring)},
};

constexpr option workers() {
    option made = number<&broker_config::workers>(
        "workers", 0, 64,
        "Threads that serve clients; 0 or auto for one per core. Nightjar's own.");
    made.type.zero = "auto";
    return made;
}

constexpr auto rows = std::to_array<option>({
    {.name = "include_dir",
     .type = {.is = form::special, .syntax = "a DIRECTORY"},
     .help = "Reads all files of this directory whose names end in .conf, sorted by name byte by "
             "byte, as if they stood "
             "here. A listener's scope ends with its file.",
     .repeats = true,
     .read = read_include},
    text<&broker_config::pid_file>("pid_file", "a PATH", path_max, "Writes the process id there."),
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
    flag<&broker_config::set_tcp_nodelay>(
        "set_tcp_nodelay",
        "Accepted; Nagle's algorithm is always off here, since a worker writes once a turn."),
    workers(),
    choice<&broker_config::engine, engines>(
        "engine",
        "How sockets are served; auto takes io_uring where the kernel allows it. Nightjar's own."),
});

}  // namespace

std::span<const option> general_options() { return rows; }

}  // namespace nightjar::broker::config
