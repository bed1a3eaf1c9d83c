#include "lab/statistics.hpp"

#include <cmath>

#include "made.hpp"

namespace nightjar::app::lab {
namespace {

TEST(Spread, OfNothingIsNone) { EXPECT_FALSE(spread_of(std::vector<double>{})); }

TEST(Spread, HasTheMiddleOfAnOddNumber) {
    EXPECT_EQ(spread_of({3, 1, 2}), (spread{1, 2, 3}));
    EXPECT_EQ(spread_of({7}), (spread{7, 7, 7}));
}

TEST(Spread, HasTheMeanOfTheTwoMiddleOnesOfAnEvenNumber) {
    EXPECT_EQ(spread_of({4, 1, 2, 8}), (spread{1, 3, 8}));
}

TEST(Spread, LeavesOutRoundsThatFailed) {
    cell one = cell_of(single("epoll"), small_many, {1, 2, 9});
    one.rounds[2].trouble = "broke";
    EXPECT_EQ(spread_of(one, &measured::cpu_us), (spread{1, 1.5, 2}));
}

TEST(Spread, LeavesOutRoundsWithoutTheFigure) {
    cell one = cell_of(single("epoll"), small_many, {1, 1});
    EXPECT_FALSE(spread_of(one, &measured::unfairness));
    one.rounds[1].unfairness = 0.5;
    EXPECT_EQ(spread_of(one, &measured::unfairness), (spread{0.5, 0.5, 0.5}));
}

TEST(Unfairness, IsZeroWhereAllDidTheSame) {
    const std::vector<std::uint64_t> done{50, 50, 50};
    EXPECT_EQ(unfairness_of(done), 0.0);
}

TEST(Unfairness, IsTheStandardDeviationByTheMean) {
    const std::vector<std::uint64_t> done{100, 300};  // mean 200, deviation 100
    EXPECT_DOUBLE_EQ(*unfairness_of(done), 0.5);
    const std::vector<std::uint64_t> one_of_four{400, 0, 0, 0};
    EXPECT_DOUBLE_EQ(*unfairness_of(one_of_four), std::sqrt(3.0));
}

TEST(Unfairness, IsUnknownOfOneWorkerOrOfNoWork) {
    EXPECT_FALSE(unfairness_of(std::vector<std::uint64_t>{5}));
    EXPECT_FALSE(unfairness_of(std::vector<std::uint64_t>{0, 0}));
}

TEST(Ratio, IsTakenWithinARound) {
    // A slow second round hits both sides; the medians' quotient would say 1.5.
    const cell ours = cell_of(single("epoll"), small_many, {2, 30, 4});
    const cell theirs = cell_of(peer("epoll"), small_many, {1, 20, 4});
    EXPECT_EQ(ratio_of(ours, theirs, &measured::cpu_us), (spread{1, 1.5, 2}));
}

TEST(Ratio, LeavesOutARoundInWhichEitherFailed) {
    cell ours = cell_of(single("epoll"), small_many, {2, 2, 2});
    cell theirs = cell_of(peer("epoll"), small_many, {1, 2, 4});
    ours.rounds[0].trouble = "broke";
    theirs.rounds[2].trouble = "broke";
    EXPECT_EQ(ratio_of(ours, theirs, &measured::cpu_us), (spread{1, 1, 1}));
    theirs.rounds[1].trouble = "broke";
    EXPECT_FALSE(ratio_of(ours, theirs, &measured::cpu_us));
}

TEST(ScaledRate, CountsProcessorTimeAndWorkers) {
    const cell two = cell_of({"epoll", "reuseport", 2}, small_many, {4});
    EXPECT_DOUBLE_EQ(scaled_rate(two, two.rounds[0]), 2e6 / 4);
    const cell one = cell_of(single("epoll"), small_many, {4});
    EXPECT_DOUBLE_EQ(scaled_ratio_of(two, one)->median, 2);
}

TEST(Alike, WhatOverlapsOrIsWithinThreePercent) {
    EXPECT_TRUE(is_alike({1, 2, 3}, {3, 4, 5}));
    EXPECT_TRUE(is_alike({100, 100, 100}, {102, 102, 102}));
    EXPECT_FALSE(is_alike({100, 100, 100}, {110, 110, 110}));
    EXPECT_FALSE(is_alike({1, 2, 3}, {4, 5, 6}));
}

}  // namespace
}  // namespace nightjar::app::lab
