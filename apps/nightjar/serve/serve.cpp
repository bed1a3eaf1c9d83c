// nightjar serve: reads the configuration, starts the workers, waits for a signal.

#include <nightjar/broker/config/load.hpp>
#include <nightjar/broker/config/report.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>

#include "../subcommand.hpp"
#include "crew.hpp"
#include "log.hpp"

namespace nightjar::app {
namespace {

using broker::log_config;
namespace config = broker::config;

struct wishes {
    std::string file;
    int port = -1;
    bool is_verbose = false;
    bool only_test = false;
    bool show_options = false;
    bool show_page = false;
    std::vector<std::string> settings;
};

/// The exit code where the command line says all, else nothing.
std::optional<int> read_flags(std::span<char* const> arguments, wishes& wanted) {
    CLI::App flags{
        "Runs the broker. Without a configuration it listens on port 1883 of this machine only.",
        "nightjar serve"};
    flags
        .add_option("-c,--config-file", wanted.file,
                    "mosquitto.conf, or a configuration of our own")
        ->type_name("FILE");
    flags.add_option("-p,--port", wanted.port, "listen on this port; wins over the file")
        ->type_name("PORT")
        ->check(CLI::Range(0, 65535));
    flags.add_flag("-v,--verbose", wanted.is_verbose, "log everything");
    flags.add_option("-o,--option", wanted.settings, "an option as NAME=VALUE; wins over the file")
        ->type_name("NAME=VALUE");
    flags.add_flag("--test-config", wanted.only_test, "check the configuration and exit");
    flags.add_flag("--help-config", wanted.show_options, "list all options and exit");
    flags.add_flag("--help-config-markdown", wanted.show_page, "the same as a page of Markdown");
    try {
        flags.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (const CLI::ParseError& stop) {
        return flags.exit(stop) == 0 ? 0 : 2;
    }
    return {};
}

config::loaded load(const wishes& wanted) {
    std::vector<config::setting> settings;
    for (const std::string& one : wanted.settings) settings.push_back(config::as_setting(one));
    if (wanted.is_verbose) settings.push_back({"log_type", "all"});
    if (!wanted.file.empty()) {
        if (wanted.port >= 0) settings.push_back({"port", fmt::format("{}", wanted.port)});
        return config::load(wanted.file, settings);
    }
    // A port alone opens nothing to the network, as with Mosquitto.
    config::loaded made = config::defaults(settings);
    if (wanted.port >= 0)
        for (auto& one : made.value.listeners) one.port = static_cast<std::uint16_t>(wanted.port);
    return made;
}

/// A connection is a descriptor: takes as many as the system lets us have.
void raise_descriptor_limit() noexcept {
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return;
    now.rlim_cur = now.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &now);
}

/// Threads inherit the mask, so that signals wait for the main thread.
sigset_t hold_signals() noexcept {
    sigset_t held;
    sigemptyset(&held);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&held, one);
    ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return held;
}

void say(log& to, log_config::type what, std::string_view line) { to.write(what, line); }

bool write_pid(const std::string& path) {
    if (path.empty()) return true;
    std::ofstream file(path);
    file << ::getpid() << '\n';
    return file.good();
}

int run(const broker::broker_config& how, log& to) {
    const sigset_t held = hold_signals();
    raise_descriptor_limit();
    say(to, log_config::information, fmt::format("nightjar version {} starting", NIGHTJAR_VERSION));
    auto hired = crew::hire(how, to);
    if (!hired) {
        say(to, log_config::error,
            fmt::format("Error: this machine lacks what the engine needs: {}.",
                        describe(hired.error().what)));
        return 1;
    }
    crew& workers = **hired;
    std::string trouble;
    if (auto started = workers.start(trouble); !started) {
        const char* why = started.error().os ? std::strerror(started.error().os)
                                             : describe(started.error().what).data();
        say(to, log_config::error, fmt::format("Error: cannot listen on {}: {}.", trouble, why));
        return 1;
    }
    for (const io::endpoint& at : workers.serving().addresses())
        say(to, log_config::information, fmt::format("Listening on {}.", at.text()));
    if (!write_pid(how.pid_file))
        say(to, log_config::warning, fmt::format("Cannot write the pid file {}.", how.pid_file));
    say(to, log_config::information,
        fmt::format("nightjar version {} running: {} worker{}, {}", NIGHTJAR_VERSION,
                    workers.size(), workers.size() == 1 ? "" : "s", workers.engine()));
    while (true) {
        int signal = 0;
        if (::sigwait(&held, &signal) != 0) continue;
        if (signal == SIGINT || signal == SIGTERM) break;
        say(to, log_config::notice,
            fmt::format("Signal {} has no effect in this version.", ::sigabbrev_np(signal)));
    }
    say(to, log_config::information,
        fmt::format("nightjar version {} terminating", NIGHTJAR_VERSION));
    workers.stop();
    if (!how.pid_file.empty()) ::unlink(how.pid_file.c_str());
    return 0;
}

}  // namespace

int serve(std::span<char* const> arguments) {
    wishes wanted;
    if (const auto over = read_flags(arguments, wanted)) return *over;
    if (wanted.show_page) return fmt::print("{}", config::help_markdown()), 0;
    if (wanted.show_options) return fmt::print("{}", config::help_text()), 0;
    const config::loaded loaded = load(wanted);
    if (wanted.only_test) {
        fmt::print("{}",
                   config::check_report(loaded, wanted.file.empty() ? "defaults" : wanted.file));
        return loaded.ok() ? 0 : 2;
    }
    for (const config::diagnostic& one : loaded.diagnostics)
        fmt::print(stderr, "{}\n", config::format(one));
    if (!loaded.ok()) return 2;
    auto opened = log::open(loaded.value.log);
    if (!opened) {
        fmt::print(stderr, "nightjar: cannot open the log file {}.\n", loaded.value.log.file);
        return 2;
    }
    return run(loaded.value, **opened);
}

}  // namespace nightjar::app
