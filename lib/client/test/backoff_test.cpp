// The wait before the next attempt: bounds, growth, beginning anew, and the same from one seed.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "backoff.hpp"

namespace nightjar::client {
namespace {

struct shape {
    duration first, longest;
    std::uint64_t seed;
};

shape some_shape() {
    const auto first = std::chrono::milliseconds(*rc::gen::inRange(1, 10'000));
    const auto more = std::chrono::milliseconds(*rc::gen::inRange(0, 200'000));
    return {first, first + more, *rc::gen::arbitrary<std::uint64_t>()};
}

std::vector<duration> draw(backoff& from, int count) {
    std::vector<duration> all;
    for (int i = 0; i != count; ++i) all.push_back(from.next());
    return all;
}

void is_between_a_half_and_the_whole_of_the_step() {
    const shape how = some_shape();
    backoff waits(how.first, how.longest, how.seed);
    duration step = how.first;
    for (int i = 0; i != 40; ++i) {
        const duration wait = waits.next();
        RC_ASSERT(wait >= step / 2);
        RC_ASSERT(wait <= step);
        step = std::min(step * 2, how.longest);
    }
}

void begins_anew_after_a_connection_that_lasted() {
    const shape how = some_shape();
    backoff waits(how.first, how.longest, how.seed);
    duration last{};
    for (int i = *rc::gen::inRange(1, 20); i != 0; --i) last = waits.next();
    waits.lasted(last);
    RC_ASSERT(waits.next() <= how.first);
}

void goes_on_after_a_connection_that_did_not_last() {
    const shape how = some_shape();
    backoff waits(how.first, how.longest, how.seed);
    const duration last = draw(waits, 10).back();
    waits.lasted(last - 1ns);
    RC_ASSERT(waits.next() >= std::min(how.first * 1024, how.longest) / 2);
}

void is_the_same_from_one_seed() {
    const shape how = some_shape();
    backoff one(how.first, how.longest, how.seed), other(how.first, how.longest, how.seed);
    RC_ASSERT(draw(one, 30) == draw(other, 30));
}

TEST(backoff_model, stays_between_a_half_and_the_whole_of_its_step) {
    EXPECT_TRUE(rc::check(is_between_a_half_and_the_whole_of_the_step));
}
TEST(backoff_model, begins_anew_after_a_connection_that_lasted) {
    EXPECT_TRUE(rc::check(begins_anew_after_a_connection_that_lasted));
}
TEST(backoff_model, goes_on_after_a_connection_that_did_not_last) {
    EXPECT_TRUE(rc::check(goes_on_after_a_connection_that_did_not_last));
}
TEST(backoff_model, is_the_same_from_one_seed) {
    EXPECT_TRUE(rc::check(is_the_same_from_one_seed));
}

TEST(backoff_model, differs_between_seeds) {
    backoff one(1s, 60s, 1), other(1s, 60s, 2);
    EXPECT_NE(draw(one, 5), draw(other, 5));
}

}  // namespace
}  // namespace nightjar::client
