#include "options.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "command_line.hpp"

namespace nightjar::app::benchmark {
namespace {

void add_common(CLI::App& to, command_line& line) {
    to.set_help_flag("--help", "Print this help and exit");
    to.add_option("-h,--host", line.host, "The broker's name or address")->capture_default_str();
    to.add_option("-p,--port", line.port, "The broker's port")->capture_default_str();
    to.add_option("-V,--protocol-version", line.version, "Version of MQTT")
        ->check(CLI::IsMember({"3.1", "3.1.1", "5"}))
        ->capture_default_str();
    to.add_option("--pid", line.chosen.broker_pid, "The broker's process, to read what it costs")
        ->check(CLI::PositiveNumber);
    to.add_option("--engine", line.engine, "Engine of this side")
        ->check(CLI::IsMember({"auto", "epoll", "io_uring", "libuv", "libevent"}))
        ->capture_default_str();
    to.add_option("--timeout", line.chosen.timeout_s, "Give up after this many seconds of silence")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    to.add_flag("--json", line.chosen.json, "Print one JSON object");
    to.add_option("--html", line.chosen.html, "Write a page with plots, which needs no network")
        ->type_name("FILE");
    to.add_flag("--quiet", line.chosen.quiet, "Say nothing on the way");
}

mqtt::version to_version(const std::string& name) {
    if (name == "5") return mqtt::version::v5;
    return name == "3.1" ? mqtt::version::v3_1 : mqtt::version::v3_1_1;
}

io::endpoint to_endpoint(const addrinfo& found, std::uint16_t port) {
    if (found.ai_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, found.ai_addr, sizeof in);
        std::array<byte, 16> address{};
        std::memcpy(address.data(), &in.sin6_addr, address.size());
        return io::endpoint::v6(address, port, in.sin6_scope_id);
    }
    sockaddr_in in{};
    std::memcpy(&in, found.ai_addr, sizeof in);
    std::array<byte, 4> address{};
    std::memcpy(address.data(), &in.sin_addr, address.size());
    return io::endpoint::v4(address, port);
}

/// Blocks, which harms nobody here: nothing has been started yet.
io::endpoint resolve(const command_line& line) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int outcome = ::getaddrinfo(line.host.c_str(), nullptr, &hints, &found);
    if (outcome != 0) {
        throw CLI::ValidationError("--host", line.host + ": " + ::gai_strerror(outcome));
    }
    const io::endpoint made = to_endpoint(*found, line.port);
    ::freeaddrinfo(found);
    return made;
}

void finish(command_line& line) {
    options& chosen = line.chosen;
    chosen.version = to_version(line.version);
    chosen.level = static_cast<mqtt::qos>(line.level);
    if (const auto kind = io::parse_engine(line.engine)) chosen.engine = *kind;
    if (chosen.spin && chosen.rate == 0) throw CLI::ValidationError("--spin", "needs --rate");
    if (chosen.what == scenario::wildcards && chosen.subscribers % 4 != 0) {
        throw CLI::ValidationError("--subscribers",
                                   "must be a multiple of 4, one per shape of filter");
    }
    if (chosen.groups > chosen.topics && chosen.what == scenario::wildcards) {
        throw CLI::ValidationError("--topics", "must not be fewer than the publishers");
    }
    chosen.broker = resolve(line);
}

void print_scenarios(std::FILE* to) {
    fmt::print(to,
               "Loads a broker and measures it.\n\nUsage: nightjar bench SCENARIO [OPTIONS]\n\n");
    for (const scenario_entry& one : all_scenarios())
        fmt::print(to, "  {:<12} {}\n", one.name, one.summary);
    fmt::print(to, "\n`nightjar bench SCENARIO --help` lists the options of one.\n");
}

std::variant<options, int> parse_one(const scenario_entry& entry, std::span<char* const> words) {
    command_line line;
    line.chosen.what = entry.what;
    CLI::App app{std::string(entry.summary) + ".", fmt::format("nightjar bench {}", entry.name)};
    add_common(app, line);
    entry.add(app, line);
    try {
        app.parse(static_cast<int>(words.size()), words.data());
        finish(line);
    } catch (const CLI::ParseError& wrong) {
        if (wrong.get_exit_code() == 0) return app.exit(wrong);
        fmt::print(stderr,
                   "nightjar bench {0}: {1}.\n`nightjar bench {0} --help` lists the options.\n",
                   entry.name, wrong.what());
        return 2;
    }
    return line.chosen;
}

}  // namespace

std::variant<options, int> parse(std::span<char* const> arguments) {
    const std::string_view name = arguments.size() > 1 ? arguments[1] : "";
    if (name == "--help" || name == "help") return print_scenarios(stdout), 0;
    for (const scenario_entry& one : all_scenarios()) {
        if (one.name == name) return parse_one(one, arguments.subspan(1));
    }
    if (!name.empty()) fmt::print(stderr, "nightjar bench: there is no scenario \"{}\".\n\n", name);
    print_scenarios(stderr);
    return 2;
}

}  // namespace nightjar::app::benchmark
