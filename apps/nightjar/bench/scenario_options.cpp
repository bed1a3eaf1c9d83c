#include <CLI/CLI.hpp>

#include <array>

#include "command_line.hpp"

namespace nightjar::app::benchmark {
namespace {

/// An option for a count, with its limits and its default in the help.
void add_count(CLI::App& to, const char* names, std::uint32_t& target, std::uint32_t most,
               const char* says) {
    to.add_option(names, target, says)->check(CLI::Range(1u, most))->capture_default_str();
}

void add_measured(CLI::App& to, options& chosen) {
    auto* seconds = to.add_option("--seconds", chosen.seconds, "How long to measure")
                        ->check(CLI::PositiveNumber)
                        ->capture_default_str();
    to.add_option("--messages", chosen.messages, "How many to measure, instead of --seconds")
        ->check(CLI::PositiveNumber)
        ->excludes(seconds);
    to.add_option("--warmup", chosen.warmup_s, "Seconds of load before measuring starts")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

void add_level(CLI::App& to, command_line& line) {
    to.add_option("-q,--qos", line.level, "Quality of service")
        ->check(CLI::Range(0, 2))
        ->capture_default_str();
}

void add_traffic(CLI::App& to, command_line& line) {
    options& chosen = line.chosen;
    to.add_option("-s,--size", chosen.payload_size, "Bytes of a payload")
        ->check(CLI::Range(16, 1 << 20))
        ->capture_default_str();
    add_level(to, line);
    add_measured(to, chosen);
    auto* inflight = to.add_option("-i,--inflight", chosen.inflight,
                                   "Closed loop: messages under way per publisher, counted by its "
                                   "slowest subscriber")
                         ->check(CLI::Range(1, 65535))
                         ->capture_default_str();
    auto* rate = to.add_option("-r,--rate", chosen.rate,
                               "Open loop: messages per second of all publishers, sent when they "
                               "are due whatever the broker does")
                     ->check(CLI::Range(0.01, 1e8))
                     ->excludes(inflight);
    if (chosen.rate > 0) rate->capture_default_str();
    to.add_flag("--spin", chosen.spin,
                "Open loop: do not sleep until the next message is due; on time, and takes a "
                "processor");
}

// One function per scenario: what it is, what it can be told, and its own defaults.

void add_connect(CLI::App& to, command_line& line) {
    add_count(to, "-n,--clients", line.chosen.connections = 64, 100'000, "Clients at a time");
    add_measured(to, line.chosen);
}

void add_publish(CLI::App& to, command_line& line) {
    add_count(to, "-n,--publishers", line.chosen.groups = 64, 100'000, "Publishers");
    line.chosen.subscribers = 0;
    add_traffic(to, line);
}

void add_subscribe(CLI::App& to, command_line& line) {
    add_count(to, "-n,--clients", line.chosen.connections = 64, 100'000, "Clients");
    add_count(to, "-i,--inflight", line.chosen.inflight = 16, 65535,
              "Filters per client, each asked for and given back in turn");
    add_level(to, line);
    add_measured(to, line.chosen);
}

void add_pairs(CLI::App& to, command_line& line) {
    add_count(to, "-n,--pairs", line.chosen.groups = 64, 100'000,
              "Pairs of a publisher and a subscriber");
    line.chosen.subscribers = 1;
    add_traffic(to, line);
}

void add_fanout(CLI::App& to, command_line& line) {
    line.chosen.groups = 1;
    add_count(to, "-n,--subscribers", line.chosen.subscribers = 100, 100'000, "Subscribers");
    add_traffic(to, line);
}

void add_fanin(CLI::App& to, command_line& line) {
    add_count(to, "-n,--publishers", line.chosen.groups = 64, 100'000,
              "Publishers, each with a topic of its own");
    add_traffic(to, line);
}

void add_wildcards(CLI::App& to, command_line& line) {
    options& chosen = line.chosen;
    add_count(to, "-S,--subscriptions", chosen.subscriptions = 20'000, 10'000'000,
              "Filters with wildcards, of all subscribers together");
    add_count(to, "-n,--subscribers", chosen.subscribers = 64, 100'000,
              "Subscribers, which share them");
    add_count(to, "--publishers", chosen.groups = 16, 10'000, "Publishers, which share the topics");
    add_count(to, "--topics", chosen.topics = 1024, 1'000'000, "Topics that are published to");
    add_traffic(to, line);
}

void add_latency(CLI::App& to, command_line& line) {
    line.chosen.rate = 20'000;
    add_pairs(to, line);
}

void add_idle(CLI::App& to, command_line& line) {
    add_count(to, "-n,--connections", line.chosen.connections = 5000, 1'000'000, "How many");
}

void add_background(CLI::App& to, command_line& line) {
    line.chosen.subscriptions = 1'000'000;
    to.add_option("-S,--subscriptions", line.chosen.subscriptions, "How many do not match")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    add_pairs(to, line);
}

constexpr unit_names messages{"message", "messages", "delivered"};
constexpr unit_names published{"message", "messages", "published"};
constexpr unit_names connections{"connection", "connections", "connections"};
constexpr unit_names operations{"operation", "operations", "operations"};

constexpr auto scenarios = std::to_array<scenario_entry>({
    {scenario::connect, connections, "connect", "Clients that connect and disconnect", add_connect},
    {scenario::publish, published, "publish", "Publishers that nobody listens to", add_publish},
    {scenario::subscribe, operations, "subscribe", "Clients that subscribe and unsubscribe",
     add_subscribe},
    {scenario::pairs, messages, "pairs", "Publishers with one subscriber each", add_pairs},
    {scenario::fanout, messages, "fanout", "One publisher, many subscribers", add_fanout},
    {scenario::fanin, messages, "fanin", "Many publishers, one subscriber", add_fanin},
    {scenario::wildcards, messages, "wildcards",
     "Many subscriptions with wildcards, of which "
     "each message matches some",
     add_wildcards},
    {scenario::latency, messages, "latency", "Pairs at a fixed rate, and how long messages take",
     add_latency},
    {scenario::idle, connections, "idle", "Connections that do nothing, and their memory",
     add_idle},
    {scenario::background, messages, "background", "Pairs beside subscriptions that do not match",
     add_background},
});

}  // namespace

std::span<const scenario_entry> all_scenarios() noexcept { return scenarios; }

std::string_view name_of(scenario what) noexcept {
    return scenarios[static_cast<std::size_t>(what)].name;
}

unit_names unit_of(scenario what) noexcept {
    return scenarios[static_cast<std::size_t>(what)].counts;
}

}  // namespace nightjar::app::benchmark
