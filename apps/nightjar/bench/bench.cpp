// nightjar bench: loads a broker and measures it.

#include <fmt/format.h>

#include <cstdio>

#include "../subcommand.hpp"
#include "crowd.hpp"
#include "report.hpp"
#include "scenarios.hpp"

namespace nightjar::app {
namespace {

using namespace benchmark;

constexpr std::uint64_t spare_descriptors = 64;

constexpr std::uint32_t holders_max = 4;  // of the background's subscriptions

std::uint64_t connections_of(const options& how) {
    switch (how.what) {
        case scenario::connect:
        case scenario::subscribe:
        case scenario::idle: return how.connections;
        case scenario::fanin: return how.groups + 1;
        case scenario::wildcards: return std::uint64_t{how.groups} + how.subscribers;
        case scenario::publish:
        case scenario::pairs:
        case scenario::fanout:
        case scenario::latency:
        case scenario::background: break;
    }
    return std::uint64_t{how.groups} * (1 + how.subscribers) + holders_max;
}

bool run(world& where, findings& target) {
    switch (where.how.what) {
        case scenario::connect: return run_connect(where, target);
        case scenario::subscribe: return run_subscribe(where, target);
        case scenario::idle: return run_idle(where, target);
        case scenario::background: return run_background(where, target);
        case scenario::publish:
        case scenario::pairs:
        case scenario::fanout:
        case scenario::fanin:
        case scenario::wildcards:
        case scenario::latency: break;
    }
    return run_traffic(where, target);
}

int complain(std::string_view what) {
    fmt::print(stderr, "nightjar bench: {}.\n", what);
    return 1;
}

}  // namespace

int bench(std::span<char* const> arguments) {
    const auto parsed = parse(arguments);
    if (const int* code = std::get_if<int>(&parsed)) return *code;
    const options& how = std::get<options>(parsed);
    const std::uint64_t connections = connections_of(how);
    if (!allow_descriptors(connections + spare_descriptors)) {
        return complain(
            fmt::format("{} connections are more than this system allows one process (ulimit -Hn)",
                        connections));
    }
    auto engine = io::make_engine(how.engine);
    if (!engine)
        return complain(fmt::format("no such engine here: {}", describe(engine.error().what)));
    world where(how, std::move(*engine));
    findings found;
    if (!run(where, found)) return complain(where.trouble);
    print(how, found);
    return 0;
}

}  // namespace nightjar::app
