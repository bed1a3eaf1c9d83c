#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <nightjar/base/prng.hpp>
#include <random>
#include <set>

namespace nightjar {
namespace {

static_assert(std::uniform_random_bit_generator<prng>);

// Computed apart from this code, from the published definitions of SplitMix64 and xoshiro256**.
TEST(prng, draws_what_the_definition_says) {
    prng zero(0);
    for (const std::uint64_t expected :
         {0x99ec5f36cb75f2b4U, 0xbf6e1f784956452aU, 0x1a5f849d4933e6e0U, 0x6aa594f1262d2d2cU})
        EXPECT_EQ(zero(), expected);
    prng answer(42);
    for (const std::uint64_t expected :
         {0x15780b2e0c2ec716U, 0x6104d9866d113a7eU, 0xae17533239e499a1U, 0xecb8ad4703b360a1U})
        EXPECT_EQ(answer(), expected);
}

TEST(prng, uniform_stays_below_and_is_even) {
    prng random(7);
    for (const std::uint64_t n : {1U, 2U, 3U, 10U, 64U, 65U}) {
        std::array<std::uint64_t, 65> seen{};
        const std::uint64_t draws = n * 10'000;
        for (std::uint64_t i = 0; i < draws; ++i) ++seen.at(random.uniform(n));
        double chi_square = 0;
        for (std::uint64_t i = 0; i < n; ++i) {
            const double off = static_cast<double>(seen[i]) - 10'000;
            chi_square += off * off / 10'000;
        }
        for (std::uint64_t i = n; i < seen.size(); ++i) EXPECT_EQ(seen[i], 0U);
        // Mean n-1, variance 2(n-1): six standard deviations are beyond chance.
        const double freedom = static_cast<double>(n - 1);
        EXPECT_LE(chi_square, freedom + 6 * std::sqrt(2 * freedom)) << n;
    }
}

TEST(prng, uniform_reaches_the_whole_range) {
    prng random(8);
    constexpr std::uint64_t n = (std::uint64_t{1} << 63) + 1;
    std::uint64_t highest = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t drawn = random.uniform(n);
        ASSERT_LT(drawn, n);
        highest = std::max(highest, drawn);
    }
    EXPECT_GT(highest, n / 100 * 95);
}

TEST(prng, chance_is_met) {
    prng random(9);
    int hits = 0;
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_FALSE(random.chance(0));
        EXPECT_TRUE(random.chance(1));
        hits += random.chance(0.25);
    }
    EXPECT_NEAR(hits, 25'000, 6 * 137);  // six standard deviations
}

TEST(prng, forks_share_nothing) {
    prng parent(10);
    prng a = parent.fork();
    prng b = parent.fork();
    prng c = a.fork();
    std::set<std::uint64_t> all;
    for (int i = 0; i < 1000; ++i)
        for (prng* each : {&parent, &a, &b, &c}) all.insert((*each)());
    EXPECT_EQ(all.size(), 4000U);
}

TEST(prng, forks_are_repeatable) {
    prng one(11);
    prng two(11);
    prng one_child = one.fork();
    prng two_child = two.fork();
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(one_child(), two_child());
        EXPECT_EQ(one(), two());
    }
}

TEST(prng_death, nothing_to_choose_from_is_a_broken_promise) {
    prng random(1);
    EXPECT_DEATH((void)random.uniform(0), "something to choose from");
}

}  // namespace
}  // namespace nightjar
