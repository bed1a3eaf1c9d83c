#include "flags.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace nightjar::app {
namespace {

namespace config = broker::config;

constexpr int ports_max = 10;  // as many as mosquitto takes

void describe(CLI::App& flags, serve_flags& wanted) {
    flags
        .add_option("-c,--config-file", wanted.file,
                    "mosquitto.conf, or a configuration of our own")
        ->type_name("FILE");
    flags
        .add_option("-p,--port", wanted.ports,
                    "listen on this port of this machine only; up to 10 times. Ignored if the file "
                    "names listeners")
        ->type_name("PORT")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::Range(0, 65535));
    flags.add_flag("-d,--daemon", wanted.is_daemon,
                   "run in the background, once everything is open");
    flags.add_flag("-v,--verbose", wanted.is_verbose, "log everything");
    flags.add_flag("-q,--quiet", wanted.is_quiet, "log nothing; wins over -v");
    flags.add_option("-o,--option", wanted.settings, "an option as NAME=VALUE; wins over the file")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    flags.add_flag("--test-config", wanted.only_test, "check the configuration and exit");
    flags.add_flag("--help-config", wanted.show_options, "list all options and exit");
    flags.add_flag("--help-config-markdown", wanted.show_page, "the same as a page of Markdown");
    flags.footer(
        "Signals: INT and TERM end it, HUP reads the configuration again, USR1 opens the "
        "log file\nagain, USR2 logs who is subscribed to what.");
}

int complain(std::string_view what) {
    fmt::print(stderr, "nightjar serve: {}\nSee `nightjar serve --help`.\n", what);
    return 2;
}

/// A listener on each of the ports for each loopback address.
void use_ports(const std::vector<int>& ports, broker::broker_config& in) {
    std::vector<broker::listener_config> all;
    for (const int port : ports) {
        for (broker::listener_config one : in.listeners) {
            one.port = static_cast<std::uint16_t>(port);
            all.push_back(std::move(one));
        }
    }
    in.listeners = std::move(all);
}

/// Nobody sees what a broker in the background prints.
void leave_terminal(broker::log_config& log) {
    const bool printed = log.to_stdout || log.to_stderr;
    log.to_stdout = log.to_stderr = false;
    if (printed && !log.to_topic && log.file.empty()) log.to_syslog = true;
}

}  // namespace

std::optional<int> read_flags(std::span<char* const> arguments, serve_flags& wanted) {
    CLI::App flags{
        "Runs the broker. Without a configuration it listens on port 1883 of this machine only.",
        "nightjar serve"};
    describe(flags, wanted);
    try {
        flags.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (const CLI::ExtrasError&) {
        const std::string first = flags.remaining().empty() ? "" : flags.remaining().front();
        if (first.starts_with('-')) return complain(fmt::format("there is no flag {}", first));
        return complain(
            fmt::format("\"{0}\" stands alone; a configuration is given as -c {0}", first));
    } catch (const CLI::CallForHelp& stop) {
        return flags.exit(stop);
    } catch (const CLI::ParseError& wrong) {
        return complain(wrong.what());
    }
    if (std::cmp_greater(wanted.ports.size(), ports_max))
        return complain(fmt::format("-p is taken {} times at most", ports_max));
    return {};
}

config::loaded load(const serve_flags& wanted) {
    std::vector<config::setting> settings;
    for (const std::string& one : wanted.settings) settings.push_back(config::as_setting(one));
    if (wanted.is_quiet || wanted.is_verbose)
        settings.push_back({"log_type", wanted.is_quiet ? "none" : "all"});
    auto made =
        wanted.file.empty() ? config::defaults(settings) : config::load(wanted.file, settings);
    if (!wanted.ports.empty() && made.value.loopback_only) {
        use_ports(wanted.ports, made.value);
        made.places.assign(made.value.listeners.size(), "-p");
    } else if (!wanted.ports.empty()) {
        made.diagnostics.push_back({config::severity::warning,
                                    wanted.file,
                                    0,
                                    {},
                                    "-p is ignored, since the configuration names its own "
                                    "listeners"});
    }
    if (wanted.is_daemon) leave_terminal(made.value.log);
    return made;
}

}  // namespace nightjar::app
