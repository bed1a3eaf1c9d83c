#include "options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace nightjar::app::lab {
namespace {

constexpr unsigned connections_max = 20'000;  // one loopback address has ports for 28,000
constexpr unsigned size_max = 1024 * 1024;
constexpr unsigned inflight_max = 4096;
constexpr std::uint64_t under_way_max = 16 * 1024 * 1024;  // bytes per connection

void add_servers(CLI::App& to, run_options& how) {
    to.add_option("--engines", how.engines, "Engines of our own server")
        ->delimiter(',')
        ->check(CLI::IsMember({"epoll", "io_uring", "libuv", "libevent"}))
        ->capture_default_str();
    to.add_option("--models", how.models, "Ways to use the processors")
        ->delimiter(',')
        ->check(CLI::IsMember({"single", "fork", "fork/core", "prefork", "prefork/mutex", "cluster",
                               "threads", "reuseport", "reuseport/processes", "reuseport/steer",
                               "pool"}))
        ->capture_default_str();
    to.add_option("--peers", how.peers, "Servers on a plain library; none: no such server")
        ->delimiter(',')
        ->check(CLI::IsMember({"epoll", "libuv", "libevent", "asio", "none"}))
        ->capture_default_str();
    to.add_option("--peers-folder", how.peers_folder, "Where those lie (beside this program)")
        ->type_name("FOLDER");
    to.add_option("--workers", how.workers, "Workers of every model but single")
        ->check(CLI::Range(1U, 1024U))
        ->capture_default_str();
}

void add_loads(CLI::App& to, run_options& how) {
    to.add_option("--connections", how.connections, "How many connections")
        ->delimiter(',')
        ->check(CLI::Range(1U, connections_max))
        ->capture_default_str();
    to.add_option("--sizes", how.sizes, "Bytes of a message")
        ->delimiter(',')
        ->check(CLI::Range(1U, size_max))
        ->capture_default_str();
    to.add_option("--inflight", how.inflight, "Messages under way per connection")
        ->delimiter(',')
        ->check(CLI::Range(1U, inflight_max))
        ->capture_default_str();
    to.add_flag("--separate", how.separate,
                "Write each message by itself, not all that are due in one write");
    to.add_option(
          "--idle", how.idle_ms,
          "Milliseconds between the messages of a load of idle connections; 0: no such load")
        ->check(CLI::Range(0U, 60'000U))
        ->capture_default_str();
    to.add_option("--work", how.work_us,
                  "Microseconds that a load's messages cost the handler; 0: no such load")
        ->check(CLI::Range(0U, 1'000'000U))
        ->capture_default_str();
    to.add_flag("--all", how.all, "Every model meets every load");
}

void add_run(CLI::App& to, run_options& how) {
    to.add_option("--rounds", how.rounds, "Rounds, in each of which every server has its turn")
        ->check(CLI::Range(1U, 100U))
        ->capture_default_str();
    to.add_option("--seconds", how.seconds, "Measured part of one turn")
        ->check(CLI::Range(0.05, 3600.0))
        ->capture_default_str();
    to.add_option("--warmup", how.warmup_s, "Seconds of load before it")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    to.add_flag("--quick", how.quick, "A short look: one round, few loads; no figures to rely on");
    to.add_flag("--quiet", how.quiet, "Say nothing on the way");
    to.add_flag("--text", how.text, "Print tables (the default where no file is asked for)");
    to.add_option("--json", how.json, "Write every figure of every round; -: print it")
        ->type_name("FILE");
    to.add_option("--html", how.html, "Write a page with plots, which needs no network")
        ->type_name("FILE");
    to.add_option(
          "--markdown", how.markdown,
          "Write tables between the marks <!-- lab: begin --> and <!-- lab: end --> of a file")
        ->type_name("FILE");
}

/// A short look takes what the command line leaves open.
void shorten(const CLI::App& line, run_options& how) {
    const auto is_open = [&](const char* name) { return line.count(name) == 0; };
    if (is_open("--connections")) how.connections = {1, 20};
    if (is_open("--sizes")) how.sizes = {64};
    if (is_open("--inflight")) how.inflight = {1, 16};
    if (is_open("--rounds")) how.rounds = 1;
    if (is_open("--seconds")) how.seconds = 0.1;
    if (is_open("--warmup")) how.warmup_s = 0.05;
    if (is_open("--idle")) how.idle_ms = 0;
    if (is_open("--work")) how.work_us = 0;
}

void finish(const CLI::App& line, run_options& how) {
    if (how.quick) shorten(line, how);
    std::erase(how.peers, "none");
    for (const unsigned size : how.sizes) {
        for (const unsigned count : how.inflight) {
            if (std::uint64_t{size} * count <= under_way_max) continue;
            throw CLI::ValidationError(
                "--inflight",
                fmt::format("{} messages of {} bytes are more than {} bytes under way", count, size,
                            under_way_max));
        }
    }
    if (how.json.empty() && how.html.empty() && how.markdown.empty()) how.text = true;
}

template <class Options, class Add>
choice parse_one(std::string_view name, std::string_view summary, std::span<char* const> words,
                 Add&& add) {
    Options chosen;
    CLI::App app{std::string(summary), fmt::format("nightjar lab {}", name)};
    app.set_help_flag("--help", "Print this help and exit");
    add(app, chosen);
    try {
        app.parse(static_cast<int>(words.size()), words.data());
        if constexpr (std::is_same_v<Options, run_options>) finish(app, chosen);
    } catch (const CLI::ParseError& wrong) {
        if (wrong.get_exit_code() == 0) return app.exit(wrong);
        fmt::print(stderr, "nightjar lab {0}: {1}.\n`nightjar lab {0} --help` lists the options.\n",
                   name, wrong.what());
        return 2;
    }
    return chosen;
}

void print_usage(std::FILE* to) {
    fmt::print(to,
               "Compares loops and ways to use the processors, with an echo server.\n\n"
               "Usage: nightjar lab run [OPTIONS]\n"
               "       nightjar lab explain [FILE.json]\n\n"
               "  run      measure every engine and every model, and plain programs beside them\n"
               "  explain  say in words what a run found: what suits which load\n\n"
               "`nightjar lab run --help` lists the options.\n");
}

}  // namespace

choice parse(std::span<char* const> arguments) {
    const std::string_view name = arguments.size() > 1 ? arguments[1] : "";
    if (name == "--help" || name == "help") return print_usage(stdout), 0;
    if (name == "run") {
        return parse_one<run_options>(
            name, "Starts echo servers, loads them in turns, and compares what they cost.",
            arguments.subspan(1), [](CLI::App& app, run_options& how) {
                add_servers(app, how);
                add_loads(app, how);
                add_run(app, how);
            });
    }
    if (name == "explain") {
        return parse_one<explain_options>(
            name, "Says in words what a run found: which engine and which model suit which load.",
            arguments.subspan(1), [](CLI::App& app, explain_options& how) {
                app.add_option("file", how.file, "What --json wrote; without it, the last run")
                    ->type_name("FILE");
            });
    }
    if (!name.empty()) fmt::print(stderr, "nightjar lab: there is no \"{}\".\n\n", name);
    print_usage(stderr);
    return 2;
}

}  // namespace nightjar::app::lab
