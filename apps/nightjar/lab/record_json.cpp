#include "record_json.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace nightjar::app::lab {
namespace {

using json = nlohmann::ordered_json;

constexpr int format_version = 1;

struct number_key {
    const char* name;
    double measured::*where;
};
constexpr auto numbers = std::to_array<number_key>({
    {"seconds", &measured::seconds},
    {"messages_per_s", &measured::messages_per_s},
    {"cpu_us_per_message", &measured::cpu_us},
    {"cpu_share", &measured::cpu_share},
    {"client_cpu_us_per_message", &measured::client_cpu_us},
    {"client_cpu_share", &measured::client_share},
    {"latency_p50_us", &measured::p50_us},
    {"latency_p99_us", &measured::p99_us},
    {"latency_p999_us", &measured::p999_us},
    {"latency_max_us", &measured::max_us},
});

struct optional_key {
    const char* name;
    std::optional<double> measured::*where;
};
constexpr auto optionals = std::to_array<optional_key>({
    {"bytes_per_connection", &measured::bytes_per_connection},
    {"unfairness", &measured::unfairness},
});

json to_json(const measured& what) {
    if (!what.is_sound()) return {{"trouble", what.trouble}};
    json made = json::object();
    for (const number_key& one : numbers) made[one.name] = what.*one.where;
    for (const optional_key& one : optionals) {
        if (what.*one.where) made[one.name] = *(what.*one.where);
    }
    return made;
}

json to_json(const load& what) {
    return {{"connections", what.connections}, {"size", what.size},
            {"inflight", what.inflight},       {"separate", what.separate},
            {"think_ms", what.think_ms},       {"work_us", what.work_us}};
}

json to_json(const cell& what) {
    json rounds = json::array();
    for (const measured& one : what.rounds) rounds.push_back(to_json(one));
    return {{"engine", what.who.engine},   {"model", what.who.model},
            {"workers", what.who.workers}, {"on_all", what.who.on_all},
            {"load", to_json(what.what)},  {"is_shared", what.is_shared},
            {"rounds", std::move(rounds)}};
}

measured measured_of(const json& from) {
    measured made;
    if (from.contains("trouble")) {
        made.trouble = from.at("trouble").get<std::string>();
        return made;
    }
    for (const number_key& one : numbers) made.*one.where = from.at(one.name).get<double>();
    for (const optional_key& one : optionals) {
        if (from.contains(one.name)) made.*one.where = from.at(one.name).get<double>();
    }
    return made;
}

load load_of(const json& from) {
    return {.connections = from.at("connections").get<unsigned>(),
            .size = from.at("size").get<unsigned>(),
            .inflight = from.at("inflight").get<unsigned>(),
            .separate = from.at("separate").get<bool>(),
            .think_ms = from.at("think_ms").get<unsigned>(),
            .work_us = from.at("work_us").get<unsigned>()};
}

cell cell_of(const json& from) {
    cell made{.who = {.engine = from.at("engine").get<std::string>(),
                      .model = from.at("model").get<std::string>(),
                      .workers = from.at("workers").get<unsigned>(),
                      .on_all = from.at("on_all").get<bool>()},
              .what = load_of(from.at("load")),
              .is_shared = from.at("is_shared").get<bool>()};
    for (const json& one : from.at("rounds")) made.rounds.push_back(measured_of(one));
    return made;
}

machine machine_of(const json& from) {
    return {.processor = from.at("processor").get<std::string>(),
            .kernel = from.at("kernel").get<std::string>(),
            .version = from.at("nightjar").get<std::string>(),
            .processors = from.at("processors").get<unsigned>(),
            .is_virtual = from.at("is_virtual").get<bool>(),
            .load_before = from.at("load_before").get<double>()};
}

record record_of(const json& from) {
    record made{.where = machine_of(from.at("machine")),
                .rounds = from.at("rounds").get<unsigned>(),
                .seconds = from.at("seconds").get<double>(),
                .warmup_s = from.at("warmup_s").get<double>(),
                .notes = from.at("notes").get<std::vector<std::string>>()};
    for (const json& one : from.at("cells")) made.cells.push_back(cell_of(one));
    return made;
}

}  // namespace

json to_json(const record& what) {
    json cells = json::array();
    for (const cell& one : what.cells) cells.push_back(to_json(one));
    return {{"nightjar_lab", format_version},
            {"machine",
             {{"processor", what.where.processor},
              {"kernel", what.where.kernel},
              {"nightjar", what.where.version},
              {"processors", what.where.processors},
              {"is_virtual", what.where.is_virtual},
              {"load_before", what.where.load_before}}},
            {"rounds", what.rounds},
            {"seconds", what.seconds},
            {"warmup_s", what.warmup_s},
            {"notes", what.notes},
            {"cells", std::move(cells)}};
}

std::optional<record> from_json(std::string_view text, std::string& trouble) {
    try {
        const json parsed = json::parse(text);
        if (!parsed.is_object() || !parsed.contains("nightjar_lab")) {
            trouble = "this is no result of `nightjar lab run --json`";
            return std::nullopt;
        }
        if (parsed.at("nightjar_lab") != format_version) {
            trouble = fmt::format("format {} is not known here; this program reads format {}",
                                  parsed.at("nightjar_lab").dump(), format_version);
            return std::nullopt;
        }
        return record_of(parsed);
    } catch (const json::exception& wrong) {
        trouble = wrong.what();
        return std::nullopt;
    }
}

}  // namespace nightjar::app::lab
