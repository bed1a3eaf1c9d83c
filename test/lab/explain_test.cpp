#include "lab/explain.hpp"

#include "lab/explain_parts.hpp"
#include "made.hpp"

namespace nightjar::app::lab {
namespace {

bool says(const paragraph& where, const std::string& what) {
    for (const std::string& one : where.sentences) {
        if (one.find(what) != std::string::npos) return true;
    }
    return false;
}

#define EXPECT_SAYS(where, what) EXPECT_TRUE(says(where, what)) << to_text({where})

cell with_rate(cell one, double rate) {
    for (measured& round : one.rounds) round.messages_per_s = rate;
    return one;
}

TEST(Classes, NameEachLoadOnce) {
    std::vector<cell> cells;
    for (const unsigned connections : {1U, 100U, 1000U}) {
        for (const unsigned size : {64U, 4096U}) {
            for (const unsigned inflight : {1U, 16U})
                cells.push_back(
                    cell_of(single("epoll"),
                            {.connections = connections, .size = size, .inflight = inflight}, {1}));
        }
    }
    cells.push_back(cell_of(single("epoll"), {.connections = 1000, .think_ms = 100}, {1}));
    cells.push_back(cell_of(single("epoll"), {.connections = 16, .work_us = 200}, {1}));
    const auto classes = classes_of(record_of(cells));
    ASSERT_EQ(classes.size(), 6U);
    EXPECT_EQ(classes[0].title, "Few busy connections");
    EXPECT_EQ(classes[0].what, (load{.connections = 1}));
    EXPECT_EQ(classes[1].title, "Many busy connections");
    EXPECT_EQ(classes[1].what, (load{.connections = 1000}));
    EXPECT_EQ(classes[2].title, "Many messages under way");
    EXPECT_EQ(classes[2].what, (load{.connections = 1000, .inflight = 16}));
    EXPECT_EQ(classes[3].title, "Large messages");
    EXPECT_EQ(classes[3].what, (load{.connections = 100, .size = 4096}));
    EXPECT_EQ(classes[4].title, "Idle connections");
    EXPECT_EQ(classes[5].title, "Heavy handlers");
}

TEST(Classes, HaveNoLargeMessagesWhereAllAreOfOneSize) {
    const auto classes = classes_of(record_of(
        {cell_of(single("epoll"), small_one, {1}), cell_of(single("epoll"), small_many, {1}),
         cell_of(single("epoll"), {.connections = 1000}, {1})}));
    ASSERT_EQ(classes.size(), 2U);
    EXPECT_EQ(classes[1].title, "Many busy connections");
}

TEST(Engines, AreRankedWithTheirRatios) {
    const auto made = about_engines(record_of({cell_of(peer("epoll"), small_many, {10}),
                                               cell_of(single("epoll"), small_many, {10.5}),
                                               cell_of(single("io_uring"), small_many, {7}),
                                               cell_of(single("libuv"), small_many, {14})}));
    EXPECT_SAYS(made,
                "io_uring takes the least processor time, 7.00 µs per message; "
                "epoll 1.50 times and libuv 2.00 times that.");
    EXPECT_SAYS(made, "io_uring 0.70 times of bare epoll and epoll 1.05 times of bare epoll");
}

TEST(Engines, AreNotToldApartByWhatTheRoundsMoved) {
    const auto made =
        about_engines(record_of({cell_of(single("epoll"), small_many, {10, 12, 14}),
                                 cell_of(single("libuv"), small_many, {11, 13, 15}),
                                 cell_of(single("libevent"), small_many, {20, 24, 28})}));
    EXPECT_SAYS(made,
                "epoll and libuv take the least processor time, 12.0 and 13.0 µs per message, "
                "and differ by no more than the rounds do; libevent 2.00 times that.");
}

TEST(Models, OneThatDeliversMoreIsNamedWithItsRatio) {
    cell two = with_rate(cell_of({"epoll", "threads", 2}, small_many, {10}), 150'000);
    two.is_shared = true;
    const auto made = about_models(record_of({cell_of(single("epoll"), small_many, {10}), two}));
    EXPECT_SAYS(made,
                "epoll, threads × 2 delivers most, 150,000 messages/s, 1.50 times epoll, single, "
                "with a p99 of 200 µs beside 200 µs");
    EXPECT_SAYS(made,
                "with a processor for each worker and the load elsewhere it would be 2.00 times");
}

TEST(Models, OneThatLosesIsToldWhy) {
    cell two = with_rate(cell_of({"epoll", "threads", 2}, small_many, {15}), 80'000);
    two.is_shared = true;
    two.rounds[0].cpu_share = 1.2;
    two.rounds[0].client_share = 0.75;
    const auto made = about_models(record_of({cell_of(single("epoll"), small_many, {10}), two}));
    EXPECT_SAYS(made, "and no model clearly more");
    EXPECT_SAYS(
        made,
        "epoll, threads × 2 loses there, 0.80 times what epoll, single delivers: a message costs "
        "1.50 times the processor time and server and load share 2 processors that were "
        "full, and the load took 0.75 of them.");
}

TEST(Models, OneConnectionSaysNothingOfMoreProcessors) {
    cell two = with_rate(cell_of({"epoll", "threads", 2}, small_one, {10}), 150'000);
    two.is_shared = true;
    const auto made = about_models(record_of({cell_of(single("epoll"), small_one, {10}), two}));
    EXPECT_SAYS(made, "delivers most");
    EXPECT_FALSE(says(made, "with a processor for each worker"));
}

TEST(Models, OneConnectionKeepsOneWorkerBusy) {
    const cell two = with_rate(cell_of({"epoll", "threads", 2}, small_one, {10}), 80'000);
    const auto made = about_models(record_of({cell_of(single("epoll"), small_one, {10}), two}));
    EXPECT_SAYS(made, "1 of its 2 workers can be busy");
}

TEST(Models, UnevenWorkersAreAReason) {
    cell two = with_rate(cell_of({"epoll", "reuseport", 2}, small_many, {10}), 80'000);
    two.rounds[0].unfairness = 0.8;
    const auto made = about_models(record_of({cell_of(single("epoll"), small_many, {10}), two}));
    EXPECT_SAYS(made, "its workers' shares are uneven (standard deviation 0.80 of the mean)");
}

TEST(Models, IdleProcessorsAreSaidWhereNothingElseShows) {
    const cell two = with_rate(cell_of({"epoll", "pool", 2}, small_many, {10}), 50'000);
    const auto made = about_models(record_of({cell_of(single("epoll"), small_many, {10}), two}));
    EXPECT_SAYS(made, "of 2 processors 1.00 were in use by it and 0.50 by the load");
}

TEST(Models, CostIsWhatDiffersWhereThoughtSetsTheRate) {
    const load idle{.connections = 100, .think_ms = 100};
    const auto made = about_models(record_of(
        {cell_of(single("epoll"), idle, {10}), cell_of({"epoll", "fork", 2}, idle, {30})}));
    EXPECT_SAYS(made,
                "epoll, single takes the least processor time, 10.0 µs per message; "
                "epoll, fork 3.00 times that");
}

TEST(Short, NamesTheCheapestEngineAndItsBestModel) {
    load heavy{.connections = 16, .work_us = 200};
    const auto made = in_short(record_of(
        {cell_of(single("epoll"), small_many, {10}), cell_of(single("io_uring"), small_many, {8}),
         with_rate(cell_of({"io_uring", "threads", 2}, small_many, {10}), 126'000),
         cell_of(single("epoll"), heavy, {200}),
         with_rate(cell_of({"epoll", "pool", 2}, heavy, {210}), 9000)}));
    EXPECT_SAYS(made, "Busy connections: io_uring, single");  // 126,000 is 1 % more than 125,000
    EXPECT_SAYS(made, "Heavy handlers: epoll, pool × 2");
}

TEST(Memory, NamesLoopsAndTheModelsThatHoldTwiceOfThem) {
    std::vector<cell> cells{cell_of(peer("libuv"), small_many, {1}),
                            cell_of(single("epoll"), small_many, {1}),
                            cell_of({"epoll", "threads", 2}, small_many, {1}),
                            cell_of({"epoll", "fork", 2}, small_many, {1})};
    cells[0].rounds[0].bytes_per_connection = 500;
    cells[1].rounds[0].bytes_per_connection = 1000;
    cells[2].rounds[0].bytes_per_connection = 1900;
    cells[3].rounds[0].bytes_per_connection = 250'000;
    const auto made = about_memory(record_of(cells));
    ASSERT_EQ(made.sentences.size(), 2U);
    EXPECT_SAYS(made, "A connection takes plain libuv 500 bytes and epoll, single 1,000 bytes.");
    EXPECT_SAYS(made, "Much more: epoll, fork 250 kB (250 times one loop's).");
}

TEST(Fairness, TellsEvenFromUneven) {
    std::vector<cell> cells{cell_of({"epoll", "reuseport", 2}, small_many, {1}),
                            cell_of({"epoll", "cluster", 2}, small_many, {1})};
    cells[0].rounds[0].unfairness = 0.4;
    cells[1].rounds[0].unfairness = 0.01;
    const auto made = about_fairness(record_of(cells));
    EXPECT_SAYS(
        made,
        "epoll, reuseport × 2 is uneven: the standard deviation of what its workers did is 0.40 "
        "of their mean.");
    EXPECT_SAYS(made,
                "Even within a quarter (standard deviation by mean): epoll, cluster × 2 (0.01).");
}

TEST(Failures, AreToldOnceByTheirReason) {
    cell broken = cell_of({"libuv", "fork", 2}, small_many, {1, 1});
    for (measured& round : broken.rounds) round = {.trouble = "ended with code 2"};
    cell other = broken;
    other.who.engine = "epoll";
    const auto made = about_failures(record_of({broken, other}));
    ASSERT_EQ(made.sentences.size(), 1U);
    EXPECT_SAYS(made, "libuv, fork and epoll, fork: ended with code 2.");
}

TEST(Models, AreHeldAgainstOneLoopWithTheSameProcessors) {
    const auto made = about_models(
        record_of({with_rate(cell_of(single("epoll"), small_many, {10}), 50'000),
                   with_rate(cell_of({"epoll", "single", 1, true}, small_many, {5}), 100'000),
                   with_rate(cell_of({"epoll", "threads", 2}, small_many, {5}), 90'000),
                   with_rate(cell_of({"libuv", "single", 1, true}, small_many, {5}), 100'000),
                   with_rate(cell_of({"libuv", "threads", 2}, small_many, {5}), 120'000)}));
    EXPECT_SAYS(
        made,
        "epoll, single on all processors delivers 100,000 messages/s, and no model clearly more");
    EXPECT_SAYS(made, "epoll, threads × 2 loses there, 0.90 times");
    EXPECT_SAYS(made, "Of other engines: libuv, threads × 2 (1.20 times one loop).");
}

TEST(Explanation, SaysNothingOfWhatWasNotMeasured) {
    for (const paragraph& one : explain(record_of({cell_of(peer("epoll"), small_many, {1})})))
        ADD_FAILURE() << to_text({one});
}

}  // namespace
}  // namespace nightjar::app::lab
