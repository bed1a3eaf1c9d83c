#include "lab/plan.hpp"

#include "lab/placement.hpp"
#include "made.hpp"

namespace nightjar::app::lab {
namespace {

run_options few() {
    return {.engines = {"epoll"},
            .models = {"single", "threads"},
            .peers = {"epoll"},
            .connections = {1, 100, 1000},
            .sizes = {64, 4096},
            .inflight = {1, 16},
            .idle_ms = 0,
            .work_us = 0};
}

std::size_t count_of(const std::vector<cell>& cells, const std::string& model) {
    return static_cast<std::size_t>(std::count_if(
        cells.begin(), cells.end(), [&](const cell& one) { return one.who.model == model; }));
}

TEST(Plan, LetsOneLoopAndThePeersMeetEveryLoad) {
    const auto cells = plan(few(), 2);
    EXPECT_EQ(count_of(cells, "single"), 12U + 4U);
    EXPECT_EQ(count_of(cells, std::string(bare)), 12U);
}

TEST(Plan, HoldsModelsThatShareAgainstOneLoopThatDoes) {
    const auto on_all = [](const std::vector<cell>& cells) {
        return std::count_if(cells.begin(), cells.end(),
                             [](const cell& one) { return one.who.on_all; });
    };
    EXPECT_EQ(on_all(plan(few(), 2)), 4);
    EXPECT_EQ(on_all(plan(few(), 3)), 0) << "two workers and the load have a processor each";
    run_options how = few();
    how.models = {"single"};
    EXPECT_EQ(on_all(plan(how, 2)), 0);
}

TEST(Plan, LetsModelsMeetSmallMessagesAndOneLoadOfLargeOnes) {
    const auto cells = plan(few(), 2);
    EXPECT_EQ(count_of(cells, "threads"), 4U);
    for (const cell& one : cells) {
        if (one.who.model != "threads") continue;
        EXPECT_EQ(one.what.inflight, 1U);
        EXPECT_TRUE(one.what.size == 64 || one.what.connections == 100);
        EXPECT_EQ(one.who.workers, 2U);
    }
    run_options how = few();
    how.all = true;
    EXPECT_EQ(count_of(plan(how, 2), "threads"), 12U);
}

TEST(Plan, AddsIdleAndHeavyLoadsForAllModels) {
    run_options how = few();
    how.idle_ms = 50;
    how.work_us = 200;
    const auto cells = plan(how, 2);
    EXPECT_EQ(count_of(cells, "threads"), 6U);
    EXPECT_EQ(count_of(cells, std::string(bare)), 13U) << "peers compute nothing";
    const auto idle = std::find_if(cells.begin(), cells.end(),
                                   [](const cell& one) { return one.what.think_ms == 50; });
    ASSERT_NE(idle, cells.end());
    EXPECT_EQ(idle->what.connections, 1000U);
}

TEST(Plan, MeasuresALoadOnceThatIsAskedForTwice) {
    run_options how = few();
    how.connections = {1, 1};
    how.sizes = {64, 64};
    how.inflight = {1};
    EXPECT_EQ(count_of(plan(how, 3), "single"), 1U);
}

TEST(Placement, GivesEachWorkerAProcessorAndTheLoadTheLast) {
    const placement one = place({0, 1}, single("epoll"));
    EXPECT_EQ(one.server, std::vector<int>{0});
    EXPECT_EQ(one.client, std::vector<int>{1});
    EXPECT_FALSE(one.is_shared);
    const placement three = place({2, 4, 6, 8, 10}, {"epoll", "threads", 3});
    EXPECT_EQ(three.server, (std::vector<int>{2, 4, 6}));
    EXPECT_EQ(three.client, std::vector<int>{10});
}

TEST(Placement, SharesWhereThereAreNotEnough) {
    const placement two = place({0, 1}, {"epoll", "threads", 2});
    EXPECT_EQ(two.server, (std::vector<int>{0, 1}));
    EXPECT_EQ(two.client, (std::vector<int>{0, 1}));
    EXPECT_TRUE(two.is_shared);
    EXPECT_TRUE(place({0, 1}, {"epoll", "single", 1, true}).is_shared);
    for (const cell& one : plan(few(), 2))
        EXPECT_EQ(one.is_shared, one.who.workers == 2 || one.who.on_all);
}

TEST(Placement, HoldsThisThreadForAWhile) {
    const auto before = permitted_processors();
    ASSERT_FALSE(before.empty());
    {
        const pinned here({before.back()});
        EXPECT_EQ(permitted_processors(), std::vector<int>{before.back()});
    }
    EXPECT_EQ(permitted_processors(), before);
}

}  // namespace
}  // namespace nightjar::app::lab
