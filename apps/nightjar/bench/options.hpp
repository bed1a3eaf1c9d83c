#pragma once
// The command line of `nightjar bench`.

#include <nightjar/io/endpoint.hpp>
#include <nightjar/io/engine.hpp>
#include <nightjar/mqtt/types.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace nightjar::app::benchmark {

enum class scenario : std::uint8_t { pairs, fanout, idle, background };

struct options {
    scenario what{};
    io::endpoint broker;
    mqtt::version version = mqtt::version::v3_1_1;
    io::engine_kind engine = io::engine_kind::epoll;
    int broker_pid = 0;  ///< 0: not told, its processor time stays unknown.
    bool json = false;
    double timeout_s = 10;  ///< Of silence.

    // pairs, fanout, background
    std::uint32_t groups = 64;      ///< A group is one publisher and its subscribers.
    std::uint32_t subscribers = 1;  ///< Of each group.
    std::uint32_t payload_size = 64;
    mqtt::qos level{};
    std::uint32_t inflight = 64;  ///< Of each group, counted by its slowest subscriber.
    std::uint64_t messages = 0;   ///< Deliveries to measure; 0: `seconds` decides.
    double seconds = 5;
    double warmup_s = 0.5;

    std::uint32_t connections = 5000;         ///< idle
    std::uint32_t subscriptions = 1'000'000;  ///< background: those that do not match
};

/// What to run, or the exit code of a command line that asked for help or made no sense (it has
/// been printed).
std::variant<options, int> parse(std::span<char* const> arguments);

}  // namespace nightjar::app::benchmark
