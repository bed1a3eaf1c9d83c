// nightjar bench: loads a broker and measures it.

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

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

/// Opened before the run: a minute of load whose page then cannot be written helps nobody.
bool open_page(const options& how, std::ofstream& page) {
    if (how.html.empty()) return true;
    page.open(how.html, std::ios::binary | std::ios::trunc);
    return page.is_open();
}

int measure_and_report(const options& how, std::unique_ptr<io::engine> engine) {
    std::ofstream page;
    if (!open_page(how, page)) {
        return complain(fmt::format("cannot write {}: {}", how.html, std::strerror(errno)));
    }
    world where(how, std::move(engine));
    findings found;
    const bool went_well = run(where, found);
    where.watch.clear();
    if (!went_well) return complain(where.trouble);
    const std::string text = how.json ? to_json(how, found) : to_text(how, found);
    fmt::print("{}", text);
    if (how.html.empty()) return 0;
    page << to_page(how, found);
    page.close();
    return page ? 0 : complain(fmt::format("could not write all of {}", how.html));
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
    return measure_and_report(how, std::move(*engine));
}

}  // namespace nightjar::app
