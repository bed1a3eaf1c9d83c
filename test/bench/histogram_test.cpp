#include "common/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace nightjar::app::benchmark {
namespace {

TEST(Histogram, EveryValueLiesInABucketThatForgetsLessThanOnePercent) {
    for (std::uint64_t value = 0; value < 1 << 20; ++value) {
        const std::uint64_t last = histogram::last_of(histogram::index_of(value));
        ASSERT_GE(last, value);
        ASSERT_LE(static_cast<double>(last - value), static_cast<double>(value) * 0.01) << value;
    }
}

TEST(Histogram, BucketsFollowEachOtherWithoutGaps) {
    for (std::size_t i = 0; i + 1 < histogram::buckets; ++i) {
        ASSERT_EQ(histogram::index_of(histogram::last_of(i)), i);
        ASSERT_EQ(histogram::index_of(histogram::last_of(i) + 1), i + 1);
    }
}

TEST(Histogram, QuantilesAreThoseOfTheSortedValues) {
    std::mt19937_64 random(20261122);
    std::lognormal_distribution<double> lengths(11, 2);
    histogram seen;
    std::vector<std::int64_t> values;
    double sum = 0;
    for (int i = 0; i < 100'003; ++i) {
        values.push_back(static_cast<std::int64_t>(lengths(random)));
        seen.record(duration(values.back()));
        sum += static_cast<double>(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double part : {0.0001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const double rank = std::ceil(part * static_cast<double>(values.size()));
        const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
        const auto told = static_cast<double>(seen.quantile(part).count());
        EXPECT_GE(told, exact) << part;
        EXPECT_LE(told, exact * 1.01) << part;
    }
    EXPECT_EQ(seen.count(), values.size());
    EXPECT_EQ(seen.max().count(), values.back());
    EXPECT_DOUBLE_EQ(seen.mean_ns(), sum / static_cast<double>(values.size()));
}

TEST(Histogram, OneSlowOfAHundredIsNoneOfTheNinetyNine) {
    histogram seen;
    for (int i = 0; i < 99; ++i) seen.record(duration(100));
    seen.record(duration(1s));
    EXPECT_EQ(seen.quantile(0.99), duration(100));
    EXPECT_EQ(seen.quantile(0.999), duration(1s));
}

TEST(Histogram, NothingSeenIsZero) {
    const histogram empty;
    EXPECT_EQ(empty.quantile(0.99), duration::zero());
    EXPECT_EQ(empty.max(), duration::zero());
    EXPECT_EQ(empty.mean_ns(), 0);
}

TEST(Histogram, WhatIsOutOfRangeCountsAtItsEnd) {
    histogram seen;
    seen.record(duration(-5));
    EXPECT_EQ(seen.quantile(1), duration::zero());
    seen.record(duration::max());
    EXPECT_EQ(seen.count(), 2u);
    EXPECT_EQ(seen.quantile(1).count(), (std::int64_t{1} << histogram::value_bits) - 1);
}

}  // namespace
}  // namespace nightjar::app::benchmark
