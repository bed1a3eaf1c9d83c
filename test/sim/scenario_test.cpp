#include <scenario/scenario.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <utility>

namespace nightjar::sim {
namespace {

std::string said_by(const verdict& what) {
    std::string all;
    for (const std::string& one : what.complaints) all += one + '\n';
    return all + what.plan;
}

std::vector<std::uint64_t> kept_seeds() {
    std::ifstream file(NIGHTJAR_SEEDS);
    std::vector<std::uint64_t> seeds;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line.front() != '#') seeds.push_back(std::stoull(line));
    return seeds;
}

TEST(storm, kept_seeds_pass) {
    ASSERT_TRUE(std::ifstream(NIGHTJAR_SEEDS).good());
    for (const std::uint64_t seed : kept_seeds()) {
        const verdict what = run_scenario({.seed = seed});
        EXPECT_TRUE(what.complaints.empty()) << "seed " << seed << '\n' << said_by(what);
    }
}

TEST(storm, two_hundred_seeds_pass) {
    std::uint64_t delivered = 0;
    for (std::uint64_t seed = 10'000; seed != 10'200; ++seed) {
        const verdict what = run_scenario({.seed = seed});
        EXPECT_TRUE(what.complaints.empty()) << "seed " << seed << '\n' << said_by(what);
        delivered += what.delivered;
    }
    EXPECT_GT(delivered, 20'000U) << "a storm in which nothing is delivered proves nothing";
}

TEST(storm, has_one_history_per_seed) {
    for (std::uint64_t seed = 0; seed != 10; ++seed) {
        const verdict once = run_scenario({.seed = seed, .keeps_log = true});
        const verdict again = run_scenario({.seed = seed, .keeps_log = true});
        EXPECT_GT(once.log.size(), 1000U);
        EXPECT_TRUE(once.log == again.log) << "seed " << seed;
        EXPECT_EQ(once.hash, again.hash);
    }
}

/// Each planted bug is noticed in most of a handful of storms; else the oracle is dead.
TEST(storm, planted_bugs_are_caught) {
    // Not each feature is in each storm, and a message that is lost may be one that had expired.
    constexpr std::pair<canary, int> caught_at_least[] = {
        {canary::doubled, 6},  {canary::lost, 6},   {canary::astray, 10},   {canary::ageless, 3},
        {canary::immortal, 3}, {canary::hasty, 3},  {canary::shared, 3},    {canary::mixed, 3},
        {canary::turned, 1},   {canary::hushed, 1}, {canary::boundless, 1},
    };
    for (const auto& [planted, least] : caught_at_least) {
        int caught = 0;
        for (std::uint64_t seed = 0; seed != 20; ++seed)
            caught += !run_scenario({.seed = seed, .planted = planted}).complaints.empty();
        EXPECT_GE(caught, least) << "planted bug " << static_cast<int>(planted);
    }
}

}  // namespace
}  // namespace nightjar::sim
