// nightjar bench: loads a broker and measures it.

#include <fmt/format.h>

#include <cstdio>

#include "../subcommand.hpp"
#include "crowd.hpp"
#include "scenarios.hpp"

namespace nightjar::app {
namespace {

using namespace benchmark;

constexpr std::uint64_t spare_descriptors = 64;

std::uint64_t connections_of(const options& how) {
    if (how.what == scenario::idle) return how.connections;
    return std::uint64_t{how.groups} * (1 + how.subscribers);
}

bool run(world& where, std::vector<figure>& figures) {
    switch (where.how.what) {
        case scenario::pairs:
        case scenario::fanout: return run_traffic(where, figures);
        case scenario::idle: return run_idle(where, figures);
        case scenario::background: return run_background(where, figures);
    }
    return false;
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
    std::vector<figure> figures;
    if (!run(where, figures)) return complain(where.trouble);
    print(how, figures);
    return 0;
}

}  // namespace nightjar::app
