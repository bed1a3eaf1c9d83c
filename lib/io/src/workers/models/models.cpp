#include <nightjar/io/models.hpp>

#include "workers/models/governor.hpp"
#include "workers/place.hpp"

#include <algorithm>
#include <array>

namespace nightjar::io {
namespace {

struct entry {
    std::string_view name;
    model which;
};
constexpr std::array<entry, 7> entries = {{{"single", model::single},
                                           {"fork", model::fork},
                                           {"prefork", model::prefork},
                                           {"cluster", model::cluster},
                                           {"threads", model::threads},
                                           {"reuseport", model::reuseport},
                                           {"pool", model::pool}}};

constexpr unsigned workers_max = 1024;
constexpr unsigned processes_most = 4096;
constexpr std::uint32_t out_max_least = 256 * 1024;

unsigned workers_of(const model_options& how) {
    if (how.model == model::single) return 1;
    if (how.model == model::fork && how.per_connection)
        return std::clamp(how.processes_max, 1U, processes_most);
    const unsigned wanted = how.workers.count != 0 ? how.workers.count : usable_cores();
    return std::min(wanted, workers_max);
}

/// Before anything is started, and with words: a worker could only say a number.
result<> check_places(const model_options& how) {
    const auto refuse = [&](const std::string& sentence, error why) -> result<> {
        if (how.tell != nullptr) how.tell->on_note(sentence);
        return fail(why);
    };
    for (const int node : how.workers.nodes) {
        const auto cpus = cpus_of_node(node);
        if (!cpus && cpus.error() == error::not_found)
            return refuse("there is no NUMA node " + std::to_string(node), cpus.error());
        if (!cpus)
            return refuse("no CPU of NUMA node " + std::to_string(node) + " is this process's",
                          cpus.error());
    }
    const std::vector<int> permitted = permitted_cpus();
    for (const int cpu : how.workers.cpus) {
        if (std::ranges::find(permitted, cpu) == permitted.end())
            return refuse("CPU " + std::to_string(cpu) + " is not this process's",
                          error::not_found);
    }
    return {};
}

}  // namespace

result<model> parse_model(std::string_view name) noexcept {
    const auto found = std::ranges::find(entries, name, &entry::name);
    if (found == entries.end()) return fail(error::invalid);
    return found->which;
}

std::string_view name_of(model which) noexcept {
    return std::ranges::find(entries, which, &entry::which)->name;
}

result<> models::run(const model_options& how, const guest_maker& make) {
    model_options exact = how;
    exact.workers.count = workers_of(how);
    exact.workers.pin = how.workers.pin || how.steer;
    exact.out_max = std::max(how.out_max, out_max_least);
    if (auto placed = check_places(exact); !placed) return placed;
    switch (exact.model) {
        case model::single:
        case model::pool: return run_here(exact, make);
        case model::threads: return run_threads(exact, make);
        case model::reuseport:
            return exact.by_process ? run_processes(exact, make) : run_threads(exact, make);
        case model::fork:
        case model::prefork:
        case model::cluster: return run_processes(exact, make);
    }
    return fail(error::invalid);
}

}  // namespace nightjar::io
