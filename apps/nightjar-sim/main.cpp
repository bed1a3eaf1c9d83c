// nightjar-sim: storms over a broker, one per seed. Repeats one by its seed, or looks for new ones.

#include <scenario/scenario.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <map>
#include <optional>

namespace {

using namespace nightjar::sim;
using steady = std::chrono::steady_clock;

struct options {
    std::optional<std::uint64_t> seed, seeds;
    std::uint64_t start_seed = 0;
    std::chrono::milliseconds time{0};
    std::string log;
};

void print(std::uint64_t seed, const verdict& what) {
    fmt::print("seed {}: log {:016x}, {} events, {} deliveries: {}\n", seed, what.hash, what.events,
               what.delivered, what.complaints.empty() ? "well" : "FAILED");
    for (const std::string& one : what.complaints) fmt::print("  {}\n", one);
    if (!what.complaints.empty()) fmt::print("  {}\n", what.weather);
}

int run_one(const options& how) {
    std::FILE* file = how.log.empty() ? nullptr : std::fopen(how.log.c_str(), "w");
    if (!how.log.empty() && file == nullptr) {
        fmt::print(stderr, "nightjar-sim: cannot write {}\n", how.log);
        return 2;
    }
    const verdict what = run_scenario({.seed = *how.seed, .log = file});
    if (file != nullptr) std::fclose(file);
    print(*how.seed, what);
    return what.complaints.empty() ? 0 : 1;
}

int run_many(const options& how) {
    const auto end = steady::now() + how.time;
    const bool is_timed = how.time.count() > 0;
    const std::uint64_t most = how.seeds.value_or(is_timed ? UINT64_MAX : 1);
    std::uint64_t done = 0, failed = 0;
    for (; done < most && (!is_timed || steady::now() < end); ++done) {
        const std::uint64_t seed = how.start_seed + done;
        const verdict what = run_scenario({.seed = seed});
        if (what.complaints.empty()) continue;
        print(seed, what);
        std::fflush(stdout);
        ++failed;
    }
    fmt::print("{} seeds from {}, {} failed\n", done, how.start_seed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    options how;
    CLI::App app{"Storms over a broker in a simulated world, one per seed."};
    auto* one = app.add_option("--seed", how.seed, "Run this one and print its log's hash");
    app.add_option("--log", how.log, "Write the event log of --seed there")->needs(one);
    app.add_option("--for", how.time, "Run seeds until this time is up, as in 60s")
        ->transform(CLI::AsNumberWithUnit(
            std::map<std::string, int>{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}))
        ->excludes(one);
    app.add_option("--seeds", how.seeds, "Run so many")->excludes(one);
    app.add_option("--start-seed", how.start_seed, "The first of them")->excludes(one);
    CLI11_PARSE(app, count, words);
    return how.seed ? run_one(how) : run_many(how);
}
