#include "flags.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace nightjar::app {
namespace {

using io::model_options;

/// As the command line spells it, until all of it is read.
struct words {
    std::string engine = "auto";
    std::string model = "reuseport";
    std::string fork_per = "connection";
    std::string accept = "exclusive";
    std::uint32_t work_us = 0;
    double drain_s = 30;
};

void describe_models(CLI::App& flags, model_options& how, words& spelt) {
    flags
        .add_option("--model", spelt.model,
                    "single, fork, prefork, cluster, threads, reuseport or pool")
        ->type_name("MODEL")
        ->capture_default_str();
    flags
        .add_option("--fork-per", spelt.fork_per, "fork: a process per connection, or one per core")
        ->check(CLI::IsMember({"connection", "core"}))
        ->capture_default_str();
    flags
        .add_option("--accept", spelt.accept,
                    "prefork: the kernel wakes one (exclusive), or the holder of a mutex accepts")
        ->check(CLI::IsMember({"exclusive", "mutex"}))
        ->capture_default_str();
    flags.add_flag("--processes", how.by_process, "reuseport: processes instead of threads");
    flags.add_flag("--steer", how.steer,
                   "reuseport: connections go to the worker on the CPU that received them; pins");
}

void describe_places(CLI::App& flags, model_options& how, words& spelt) {
    flags.add_option("-p,--port", how.port, "0: the kernel chooses")->capture_default_str();
    flags.add_option("--address", how.address, "listens there")->capture_default_str();
    flags.add_option("--engine", spelt.engine, "of each worker's loop")
        ->type_name("ENGINE")
        ->capture_default_str();
    flags
        .add_option("--workers", how.workers.count,
                    "how many; 0: one per usable core (CPU mask and control group)")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    flags.add_flag("--pin", how.workers.pin, "each worker on one CPU");
    auto* cpus = flags.add_option("--cpus", how.workers.cpus, "these CPUs; pins")
                     ->delimiter(',')
                     ->type_name("N,…");
    flags
        .add_option("--numa", how.workers.nodes,
                    "workers on the CPUs and in the memory of these NUMA nodes")
        ->delimiter(',')
        ->type_name("N,…")
        ->excludes(cpus);
}

void describe_limits(CLI::App& flags, model_options& how, words& spelt) {
    flags.add_option("--work", spelt.work_us, "processor time that each message costs")
        ->type_name("MICROSECONDS")
        ->capture_default_str();
    flags
        .add_option("--processes-max", how.processes_max,
                    "fork, a process per connection: at once; others wait")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    flags.add_option("--connections-max", how.connections_max, "per worker; others wait")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    flags.add_option("--out-max", how.out_max, "bytes that may wait for one peer")
        ->check(CLI::Range(256 * 1024, 1024 * 1024 * 1024))
        ->capture_default_str();
    flags.add_option("--tasks-max", how.tasks_max, "pool: tasks under way; then nothing is read")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    flags.add_option("--drain", spelt.drain_s, "what is still open so long after QUIT is cut")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
}

/// What is wrong, in words; empty if nothing is.
std::string finish(const words& spelt, echo_flags& wanted) {
    const auto model = io::parse_model(spelt.model);
    if (!model)
        return fmt::format(
            "there is no model {}; there are single, fork, prefork, cluster, "
            "threads, reuseport and pool",
            spelt.model);
    const auto engine = io::parse_engine(spelt.engine);
    if (!engine) return fmt::format("there is no engine {}", spelt.engine);
    if (!io::endpoint::parse(wanted.how.address, wanted.how.port))
        return fmt::format("{} is no IP address", wanted.how.address);
    wanted.how.model = *model;
    wanted.how.workers.engine = *engine;
    wanted.how.workers.name = "echo";
    wanted.how.workers.pin |= !wanted.how.workers.cpus.empty();
    wanted.how.per_connection = spelt.fork_per == "connection";
    wanted.how.by_mutex = spelt.accept == "mutex";
    wanted.how.drain_max =
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(spelt.drain_s));
    wanted.work = std::chrono::microseconds(spelt.work_us);
    return {};
}

int complain(std::string_view what) {
    fmt::print(stderr, "nightjar echo: {}.\nSee `nightjar echo --help`.\n", what);
    return 2;
}

}  // namespace

std::optional<int> read_flags(std::span<char* const> arguments, echo_flags& wanted) {
    CLI::App flags{"Echoes what it is sent, on any loop and under any multi-core model.",
                   "nightjar echo"};
    words spelt;
    describe_models(flags, wanted.how, spelt);
    describe_places(flags, wanted.how, spelt);
    describe_limits(flags, wanted.how, spelt);
    flags.footer(
        "Signals: QUIT drains and ends it, TERM and INT end it at once, HUP replaces worker "
        "processes\none by one, USR1 prints the counters of each worker.");
    try {
        flags.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (const CLI::CallForHelp& stop) {
        return flags.exit(stop);
    } catch (const CLI::ParseError& wrong) {
        return complain(wrong.what());
    }
    const std::string wrong = finish(spelt, wanted);
    if (!wrong.empty()) return complain(wrong);
    return {};
}

}  // namespace nightjar::app
