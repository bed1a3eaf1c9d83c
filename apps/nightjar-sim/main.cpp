// nightjar-sim: storms over a broker, one per seed. Repeats one by its seed, or looks for new ones.

#include <scenario/scenario.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace {

using namespace nightjar::sim;
using steady = std::chrono::steady_clock;

struct options {
    std::optional<std::uint64_t> seed, seeds;
    std::uint64_t start_seed = 0;
    std::chrono::milliseconds time{0};
    std::string log;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

void print(std::uint64_t seed, const verdict& what) {
    fmt::print("seed {}: log {:016x}, {} events, {} deliveries: {}\n", seed, what.hash, what.events,
               what.delivered, what.complaints.empty() ? "well" : "FAILED");
    for (const std::string& one : what.complaints) fmt::print("  {}\n", one);
    if (!what.complaints.empty()) fmt::print("  {}\n", what.plan);
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

/// Seeds in order, to whoever is free: what a seed does is its own matter, on whatever thread.
class search {
public:
    explicit search(const options& how) : how_(how), end_(steady::now() + how.time) {}

    int run() {
        std::vector<std::thread> others;
        for (unsigned i = 1; i < how_.jobs; ++i) others.emplace_back([this] { work(); });
        work();
        for (std::thread& one : others) one.join();
        fmt::print("{} seeds from {}, {} failed\n", done_, how_.start_seed, failed_);
        return failed_ == 0 ? 0 : 1;
    }

private:
    std::optional<std::uint64_t> next() {
        const std::lock_guard hold(guard_);
        const bool is_timed = how_.time.count() > 0;
        const std::uint64_t most = how_.seeds.value_or(is_timed ? UINT64_MAX : 1);
        if (begun_ >= most || (is_timed && steady::now() >= end_)) return std::nullopt;
        return how_.start_seed + begun_++;
    }

    void work() {
        while (const auto seed = next()) {
            const verdict what = run_scenario({.seed = *seed});
            const std::lock_guard hold(guard_);
            ++done_;
            if (what.complaints.empty()) continue;
            ++failed_;
            print(*seed, what);
            std::fflush(stdout);
        }
    }

    const options& how_;
    steady::time_point end_;
    std::mutex guard_;
    std::uint64_t begun_ = 0, done_ = 0, failed_ = 0;
};

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
    app.add_option("--jobs", how.jobs, "So many at once; without it one per core")
        ->check(CLI::Range(1U, 256U))
        ->excludes(one);
    CLI11_PARSE(app, count, words);
    return how.seed ? run_one(how) : search(how).run();
}
