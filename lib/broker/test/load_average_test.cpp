#include "worker/load_average.hpp"

#include <gtest/gtest.h>

namespace nightjar::broker {
namespace {

TEST(load_average, comes_to_a_steady_rate) {
    load_average tested;
    std::uint64_t total = 0;
    for (int i = 0; i != 6000; ++i) tested.update(total += 20, 10s);  // 120 a minute
    for (const double one : tested.averages()) EXPECT_NEAR(one, 120.0, 0.1);
}

TEST(load_average, forgets_exponentially) {
    load_average tested;
    tested.update(600, 60s);
    const double after_one = 600 * (1 - std::exp(-1.0));
    EXPECT_NEAR(tested.averages()[0], after_one, 1e-6);
    EXPECT_NEAR(tested.averages()[1], 600 * (1 - std::exp(-0.2)), 1e-6);
    tested.update(600, 120s);  // nothing more came
    EXPECT_NEAR(tested.averages()[0], after_one * std::exp(-2.0), 1e-6);
}

TEST(load_average, does_not_depend_on_how_often_it_is_asked) {
    load_average often, seldom;
    for (std::uint64_t i = 1; i <= 60; ++i) often.update(i * 10, 1s);
    seldom.update(600, 60s);
    for (std::size_t i = 0; i != 3; ++i)
        EXPECT_NEAR(often.averages()[i], seldom.averages()[i], 1e-6);
}

TEST(load_average, takes_no_time_for_nothing) {
    load_average tested;
    tested.update(100, 0s);
    EXPECT_EQ(tested.averages()[0], 0.0);
}

/// As when a client moves between two workers that are counted one after the other.
TEST(load_average, takes_a_count_that_falls_for_no_news) {
    load_average tested, calm;
    tested.update(1000, 60s);
    calm.update(1000, 60s);
    tested.update(980, 60s);
    calm.update(1000, 60s);
    tested.update(1010, 60s);
    calm.update(1010, 60s);
    for (std::size_t i = 0; i != 3; ++i)
        EXPECT_NEAR(tested.averages()[i], calm.averages()[i], 1e-6);
}

}  // namespace
}  // namespace nightjar::broker
