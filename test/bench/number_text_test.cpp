#include "common/number_text.hpp"

#include <gtest/gtest.h>

namespace nightjar::app::benchmark {
namespace {

TEST(NumberText, GroupsThousands) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1234567.891, 2), "1,234,567.89");
    EXPECT_EQ(grouped(-123456), "-123,456");
    EXPECT_EQ(grouped(-123), "-123");
}

TEST(NumberText, KeepsThreeDigitsThatCount) {
    EXPECT_EQ(precise(0), "0");
    EXPECT_EQ(precise(0.01523), "0.0152");
    EXPECT_EQ(precise(0.3312), "0.331");
    EXPECT_EQ(precise(1.519), "1.52");
    EXPECT_EQ(precise(15.19), "15.2");
    EXPECT_EQ(precise(1519), "1,519");
}

TEST(NumberText, ShortensForAnAxis) {
    EXPECT_EQ(short_text(0), "0");
    EXPECT_EQ(short_text(0.5), "0.5");
    EXPECT_EQ(short_text(1500), "1.5 k");
    EXPECT_EQ(short_text(2e6), "2 M");
}

TEST(NumberText, TimeIsInTheUnitThatSuitsIt) {
    EXPECT_EQ(time_text(152), "152 ns");
    EXPECT_EQ(time_text(1520), "1.52 µs");
    EXPECT_EQ(time_text(15'200'000), "15.2 ms");
    EXPECT_EQ(time_text(2e9), "2 s");
}

}  // namespace
}  // namespace nightjar::app::benchmark
