#pragma once
// The command line of `nightjar bench`.

#include <nightjar/io/endpoint.hpp>
#include <nightjar/io/engine.hpp>
#include <nightjar/mqtt/types.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace nightjar::app::benchmark {

enum class scenario : std::uint8_t {
    connect,
    publish,
    subscribe,
    pairs,
    fanout,
    fanin,
    wildcards,
    latency,
    idle,
    background
};

std::string_view name_of(scenario what) noexcept;

/// What a scenario counts, as the keys of its figures say it.
struct unit_names {
    std::string_view one, many, counted;
};
unit_names unit_of(scenario what) noexcept;

struct options {
    scenario what{};
    io::endpoint broker;
    mqtt::version version = mqtt::version::v3_1_1;
    io::engine_kind engine = io::engine_kind::epoll;
    int broker_pid = 0;  ///< 0: not told, its processor time stays unknown.
    bool json = false;
    bool quiet = false;     ///< Nothing on the way, only what was found.
    std::string html{};     ///< A file for a page with plots; empty: none.
    double timeout_s = 10;  ///< Of silence.

    std::uint32_t groups = 64;      ///< Publishers, or pairs.
    std::uint32_t subscribers = 1;  ///< Of each publisher; of all in wildcards.
    std::uint32_t payload_size = 64;
    mqtt::qos level{};
    std::uint32_t inflight = 64;  ///< Of each publisher; of each client in subscribe.
    double rate = 0;              ///< Messages per second of all publishers; 0: a closed loop.
    bool spin = false;            ///< Does not sleep until the next message is due.
    std::uint64_t messages = 0;   ///< To count, instead of `seconds`; 0: `seconds` decides.
    double seconds = 5;
    double warmup_s = 0.5;

    std::uint32_t connections = 64;   ///< connect, subscribe, idle
    std::uint32_t subscriptions = 0;  ///< wildcards; background: those that do not match
    std::uint32_t topics = 1024;      ///< wildcards: those that are published to
};

/// What to run, or the exit code of a command line that asked for help or made no sense (it has
/// been printed).
std::variant<options, int> parse(std::span<char* const> arguments);

}  // namespace nightjar::app::benchmark
