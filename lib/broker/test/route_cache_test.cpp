// What the cache of routes keeps, and what it forgets in time.

#include "route/route_cache.hpp"

#include <gtest/gtest.h>

#include <string>

#include "route/changes.hpp"

namespace nightjar::broker {
namespace {

TEST(route_cache, finds_what_was_claimed_through_all_growth) {
    route_cache tested;
    std::size_t found = 0;
    const auto name = [](int i) { return "plant/" + std::to_string(i) + "/temp"; };
    for (int i = 0; i != 5000; ++i)
        tested.claim(name(i), route_cache::hash_of(name(i))).where.version = 1;
    for (int i = 0; i != 5000; ++i) {
        const auto* at = tested.find(name(i), route_cache::hash_of(name(i)));
        if (!at) continue;  // a crowded bucket
        EXPECT_EQ(at->topic, name(i));
        EXPECT_EQ(at->where.version, 1U);
        ++found;
    }
    EXPECT_GT(found, 4500U);
    EXPECT_EQ(tested.find("plant", route_cache::hash_of("plant")), nullptr);
}

TEST(route_cache, is_bounded_in_topics_and_in_targets) {
    route_cache tested;
    for (int i = 0; i != 100'000; ++i) {
        const std::string name = std::to_string(i);
        tested.claim(name, route_cache::hash_of(name)).where.version = 1;
    }
    std::size_t found = 0;
    for (int i = 0; i != 100'000; ++i) {
        const std::string name = std::to_string(i);
        found += tested.find(name, route_cache::hash_of(name)) != nullptr;
    }
    EXPECT_LE(found, 32'768U);
    EXPECT_GT(found, 16'384U);
    auto& heavy = tested.claim("heavy", route_cache::hash_of("heavy"));
    heavy.where.local.assign(1'100'000, target{subscriber{}});
    tested.weigh(heavy);
    tested.claim("next", route_cache::hash_of("next"));
    EXPECT_EQ(tested.find("heavy", route_cache::hash_of("heavy")), nullptr);
}

TEST(change_log, concerns_the_topics_that_match) {
    change_log tested;
    const auto before = tested.version();
    tested.note("a/+/c");
    tested.note("b/#");
    tested.note("exact");
    for (const char* topic : {"a/b/c", "b", "b/c/d", "exact"})
        EXPECT_TRUE(tested.concern(topic, before)) << topic;
    for (const char* topic : {"a/b", "bc", "exact/", "exac", "c"})
        EXPECT_FALSE(tested.concern(topic, before)) << topic;
    EXPECT_FALSE(tested.concern("exact", tested.version()));
    tested.note("#");
    EXPECT_TRUE(tested.concern("anything", tested.version() - 1));
    EXPECT_FALSE(tested.concern("$SYS/x", tested.version() - 1));
}

TEST(change_log, concerns_all_after_too_many) {
    change_log tested;
    const auto before = tested.version();
    for (int i = 0; i != 128; ++i) tested.note("x");
    EXPECT_FALSE(tested.concern("y", before));
    tested.note("x");
    EXPECT_TRUE(tested.concern("y", before));
}

}  // namespace
}  // namespace nightjar::broker
