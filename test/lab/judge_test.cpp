#include "lab/aims.hpp"
#include "made.hpp"

namespace nightjar::app::lab {
namespace {

TEST(Aims, HoldAnEngineAgainstItsPlainProgram) {
    const auto aims = judge(record_of(
        {cell_of(peer("epoll"), small_one, {10}), cell_of(peer("libuv"), small_one, {10}),
         cell_of(single("epoll"), small_one, {11}), cell_of(single("libuv"), small_one, {11.1})}));
    ASSERT_EQ(aims.size(), 2U);
    EXPECT_EQ(aims[0].says, "epoll: at most 1.1 times bare epoll");
    EXPECT_DOUBLE_EQ(aims[0].ratio.median, 1.1);
    EXPECT_TRUE(aims[0].is_met());
    EXPECT_EQ(aims[1].says, "libuv: at most 1.1 times plain libuv");
    EXPECT_FALSE(aims[1].is_met());
}

TEST(Aims, WantUringAheadFromAHundredConnections) {
    const auto of = [](const load& what, double ours) {
        return judge(record_of(
            {cell_of(peer("epoll"), what, {10}), cell_of(single("io_uring"), what, {ours})}));
    };
    EXPECT_TRUE(of(small_one, 9).empty());
    ASSERT_EQ(of(small_many, 9).size(), 1U);
    EXPECT_EQ(of(small_many, 9)[0].says, "io_uring: less than bare epoll");
    EXPECT_TRUE(of(small_many, 9)[0].is_met());
    EXPECT_FALSE(of(small_many, 10.5)[0].is_met());
}

TEST(Aims, WantTwoWorkersToDeliverForTwo) {
    const auto of = [](double cost) {
        return judge(record_of({cell_of(single("epoll"), small_many, {10}),
                                cell_of({"epoll", "reuseport", 2}, small_many, {cost})}));
    };
    ASSERT_EQ(of(10).size(), 1U);
    EXPECT_EQ(of(10)[0].says, "epoll, reuseport × 2: at least 1.7 times one worker");
    EXPECT_DOUBLE_EQ(of(10)[0].ratio.median, 2);
    EXPECT_TRUE(of(11.7)[0].is_met());   // 20 / 11.7 = 1.709
    EXPECT_FALSE(of(11.8)[0].is_met());  // 1.695
}

TEST(Aims, CompareWorkersWithOneThatHadTheSameProcessors) {
    const auto aims = judge(record_of({cell_of(single("epoll"), small_many, {10}),
                                       cell_of({"epoll", "single", 1, true}, small_many, {5}),
                                       cell_of({"epoll", "reuseport", 2}, small_many, {5})}));
    ASSERT_EQ(aims.size(), 1U);
    EXPECT_DOUBLE_EQ(aims[0].ratio.median, 2);
}

TEST(Aims, SayNothingOfWhatWasNotMeasured) {
    cell failed = cell_of(peer("epoll"), small_many, {10});
    failed.rounds[0].trouble = "is not here";
    EXPECT_TRUE(judge(record_of({failed, cell_of(single("epoll"), small_many, {10})})).empty());
    load heavy = small_many;
    heavy.work_us = 100;
    EXPECT_TRUE(judge(record_of({cell_of(peer("epoll"), heavy, {10}),
                                 cell_of(single("epoll"), heavy, {10})}))
                    .empty());
}

TEST(Aims, JudgeTheMedianOfTheRounds) {
    const auto aims = judge(record_of({cell_of(peer("epoll"), small_one, {10, 10, 10}),
                                       cell_of(single("epoll"), small_one, {9, 10.5, 30})}));
    ASSERT_EQ(aims.size(), 1U);
    EXPECT_DOUBLE_EQ(aims[0].ratio.median, 1.05);
    EXPECT_TRUE(aims[0].is_met());
}

}  // namespace
}  // namespace nightjar::app::lab
