#include "options.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <CLI/CLI.hpp>

#include <cstring>
#include <map>

namespace nightjar::app::benchmark {
namespace {

struct command_line {
    options chosen;
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string version = "3.1.1";
    std::string engine = "epoll";
    int level = 0;
};

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
        ->check(CLI::IsMember({"auto", "epoll", "io_uring"}))
        ->capture_default_str();
    to.add_option("--timeout", line.chosen.timeout_s, "Give up after this many seconds of silence")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    to.add_flag("--json", line.chosen.json, "Print one JSON object");
}

void add_traffic(CLI::App& to, command_line& line) {
    options& chosen = line.chosen;
    to.add_option("-s,--size", chosen.payload_size, "Bytes of a payload")
        ->check(CLI::Range(8, 1 << 20))
        ->capture_default_str();
    to.add_option("-q,--qos", line.level, "Quality of service")
        ->check(CLI::Range(0, 2))
        ->capture_default_str();
    to.add_option("-i,--inflight", chosen.inflight, "Messages that are under way per publisher")
        ->check(CLI::Range(1, 65535))
        ->capture_default_str();
    auto* seconds = to.add_option("--seconds", chosen.seconds, "How long to measure")
                        ->check(CLI::PositiveNumber)
                        ->capture_default_str();
    to.add_option("--messages", chosen.messages, "Deliveries to measure, instead of --seconds")
        ->check(CLI::PositiveNumber)
        ->excludes(seconds);
    to.add_option("--warmup", chosen.warmup_s, "Seconds of load before measuring starts")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

void add_pairs(CLI::App& to, command_line& line) {
    to.add_option("-n,--pairs", line.chosen.groups, "Pairs of a publisher and a subscriber")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    add_traffic(to, line);
}

/// The defaults that differ from one scenario to the next stand where the scenario was chosen.
void add_scenarios(CLI::App& to, command_line& line) {
    options& chosen = line.chosen;
    auto add = [&](const char* name, const char* summary, scenario which) {
        CLI::App* made = to.add_subcommand(name, summary);
        add_common(*made, line);
        made->parse_complete_callback([&chosen, which] { chosen.what = which; });
        return made;
    };
    add_pairs(*add("pairs", "Publishers with one subscriber each", scenario::pairs), line);

    CLI::App* fanout = add("fanout", "One publisher, many subscribers", scenario::fanout);
    fanout->add_option("-n,--subscribers", chosen.subscribers, "Subscribers [100]")
        ->check(CLI::Range(1, 100'000));
    add_traffic(*fanout, line);

    CLI::App* idle = add("idle", "Connections that do nothing, and their memory", scenario::idle);
    idle->add_option("-n,--connections", chosen.connections, "How many")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();

    CLI::App* background =
        add("background", "Pairs beside subscriptions that do not match", scenario::background);
    background->add_option("-S,--subscriptions", chosen.subscriptions, "How many do not match")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    add_pairs(*background, line);
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

void finish(command_line& line, bool subscribers_given) {
    options& chosen = line.chosen;
    chosen.version = to_version(line.version);
    chosen.level = static_cast<mqtt::qos>(line.level);
    if (const auto kind = io::parse_engine(line.engine)) chosen.engine = *kind;
    if (chosen.what == scenario::fanout) {
        chosen.groups = 1;
        if (!subscribers_given) chosen.subscribers = 100;
    }
    chosen.broker = resolve(line);
}

}  // namespace

std::variant<options, int> parse(std::span<char* const> arguments) {
    command_line line;
    CLI::App app{"Loads a broker and measures it.", "nightjar bench"};
    app.set_help_flag("--help", "Print this help and exit");
    app.require_subcommand(1);
    add_scenarios(app, line);
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
        finish(line, app.get_subcommand("fanout")->count("--subscribers") != 0);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    }
    return line.chosen;
}

}  // namespace nightjar::app::benchmark
