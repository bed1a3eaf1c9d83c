#include "flow.hpp"

#include <gtest/gtest.h>

#include <array>

#include "publisher.hpp"
#include "world.hpp"

namespace nightjar::app::benchmark {
namespace {

TEST(Arrivals, InOrderNothingIsLost) {
    arrivals got;
    for (std::uint64_t i = 0; i < 5; ++i) EXPECT_TRUE(got.take(i));
    EXPECT_EQ(got.lost(), 0u);
    EXPECT_EQ(got.expected(), 5u);
}

TEST(Arrivals, AGapIsALossAndWhatComesLateIsRefused) {
    arrivals got;
    EXPECT_TRUE(got.take(0));
    EXPECT_TRUE(got.take(3));
    EXPECT_EQ(got.lost(), 2u);
    EXPECT_FALSE(got.take(3)) << "a repetition";
    EXPECT_FALSE(got.take(1)) << "out of order";
    EXPECT_EQ(got.lost(), 2u);
}

TEST(Stamp, KeepsFlowNumberAndTime) {
    std::array<byte, stamp::size> room{};
    const instant due(duration(123'456'789'012));
    stamp{.mark = stamp::to_mark(0xffffff, (std::uint64_t{1} << 40) - 1), .due = due}.write(
        room.data());
    const stamp got = stamp::read(room.data());
    EXPECT_EQ(got.flow(), 0xffffffu);
    EXPECT_EQ(got.number(), (std::uint64_t{1} << 40) - 1);
    EXPECT_EQ(got.due, due);
}

TEST(Flow, IsPastAMessageOnceItsSlowestSubscriberIs) {
    std::array<std::uint64_t, 2> reached{3, 5};
    flow what;
    std::array<sink, 2> sinks{sink{.of = &what, .reached = &reached[0]},
                              sink{.of = &what, .reached = &reached[1]}};
    what.sinks = {&sinks[0], &sinks[1]};
    EXPECT_TRUE(what.is_past(2));
    EXPECT_FALSE(what.is_past(3));
}

TEST(Flow, CountsWhatWasLostOnTheWayAndAtTheEnd) {
    std::uint64_t reached = 0;
    flow what;
    sink one{.of = &what, .reached = &reached};
    what.sinks = {&one};
    what.sent = 10;
    one.got.take(0);
    one.got.take(4);  // 1, 2, 3 are lost
    EXPECT_FALSE(what.is_settled());
    EXPECT_EQ(what.lost(), 8u) << "5 to 9 never came either";
}

/// 20,000 per second for a day: the plan must not drift, whatever a gap is rounded to.
TEST(Schedule, DoesNotDrift) {
    const schedule plan{.start = instant(duration(0)), .gap_ns = 1e9 / 30'000};
    const std::uint64_t day = 30'000ull * 86'400;
    EXPECT_EQ(plan.due(day), instant(std::chrono::hours(24)));
}

TEST(Stopwatch, TakesWhatBeganInTheMeasuredPartWheneverItEnds) {
    stopwatch watch;
    const instant zero(duration(0));
    watch.record(zero, zero + 1s);
    EXPECT_EQ(watch.seen().count(), 0u) << "not open yet";
    watch.open(zero + 10s);
    watch.record(zero + 9s, zero + 11s);
    EXPECT_EQ(watch.seen().count(), 0u) << "begun in the warm-up";
    watch.record(zero + 10s, zero + 11s);
    watch.close(zero + 20s);
    watch.record(zero + 19s, zero + 60s);  // a broker that stalled at the end
    watch.record(zero + 20s, zero + 21s);
    EXPECT_EQ(watch.seen().count(), 2u);
    EXPECT_EQ(watch.seen().max(), duration(41s));
}

}  // namespace
}  // namespace nightjar::app::benchmark
