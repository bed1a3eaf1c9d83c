// Threads with a loop each: started together or not at all.
#include "workers/cores.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <nightjar/io/workers.hpp>

#include <array>
#include <atomic>
#include <future>

namespace nightjar::io {
namespace {

struct guest final : resident {
    explicit guest(std::atomic<int>& alive) noexcept : alive(alive) { ++alive; }
    ~guest() override { --alive; }
    std::atomic<int>& alive;
};

TEST(workers, run_posted_tasks_on_named_threads_of_their_own) {
    std::atomic<int> alive{0};
    auto made = workers::start({.count = 3, .name = "night"},
                               [&](loop&, unsigned) -> result<std::unique_ptr<resident>> {
                                   return std::make_unique<guest>(alive);
                               });
    ASSERT_TRUE(made);
    EXPECT_EQ((*made)->size(), 3U);
    EXPECT_EQ(alive, 3);
    for (unsigned i = 0; i < 3; ++i) {
        std::promise<std::string> name;
        (*made)->at(i).post([&] {
            std::array<char, 16> text{};
            ::pthread_getname_np(::pthread_self(), text.data(), text.size());
            name.set_value(text.data());
        });
        EXPECT_EQ(name.get_future().get(), "night/" + std::to_string(i));
    }
    (*made)->stop();
    (*made)->join();
    EXPECT_EQ(alive, 0);
}

TEST(workers, one_that_cannot_settle_stops_all) {
    std::atomic<int> alive{0};
    auto made = workers::start({.count = 4},
                               [&](loop&, unsigned index) -> result<std::unique_ptr<resident>> {
                                   if (index == 2) return fail(error::in_use);
                                   return std::make_unique<guest>(alive);
                               });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, error::in_use);
    EXPECT_EQ(alive, 0);
}

TEST(workers, one_stopped_by_itself_harms_nobody) {
    auto made = workers::start(
        {.count = 2}, [](loop&, unsigned) -> result<std::unique_ptr<resident>> { return nullptr; });
    ASSERT_TRUE(made);
    (*made)->at(0).stop();
}

TEST(workers, are_pinned_to_permitted_cpus) {
    const std::vector<int> cpus = permitted_cpus();
    std::vector<int> seen(cpus.size() + 1, -1);
    auto made = workers::start({.count = static_cast<unsigned>(seen.size()), .pin = true},
                               [&](loop&, unsigned index) -> result<std::unique_ptr<resident>> {
                                   const std::vector<int> mine = permitted_cpus();
                                   if (mine.size() == 1) seen[index] = mine.front();
                                   return nullptr;
                               });
    ASSERT_TRUE(made);
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], cpus[i % cpus.size()]);
}

TEST(workers, may_settle_one_after_the_other) {
    std::vector<unsigned> order;  // no lock: that is the promise
    auto made = workers::start({.count = 5, .one_by_one = true},
                               [&](loop&, unsigned index) -> result<std::unique_ptr<resident>> {
                                   order.push_back(index);
                                   return nullptr;
                               });
    ASSERT_TRUE(made);
    EXPECT_EQ(order, (std::vector<unsigned>{0, 1, 2, 3, 4}));
}

TEST(workers, that_settle_in_turn_stop_at_the_first_that_cannot) {
    std::vector<unsigned> order;
    auto made = workers::start({.count = 5, .one_by_one = true},
                               [&](loop&, unsigned index) -> result<std::unique_ptr<resident>> {
                                   order.push_back(index);
                                   if (index == 1) return fail(error::in_use);
                                   return nullptr;
                               });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, error::in_use);
    EXPECT_EQ(order, (std::vector<unsigned>{0, 1}));
}

TEST(workers, share_what_is_made_before_they_settle_and_ends_after_them) {
    std::atomic<int> alive{0};
    std::atomic<int> before{0};
    auto made = workers::start(
        {.count = 3},
        [&](loop&, unsigned) -> result<std::unique_ptr<resident>> {
            before += alive > 0 ? 1 : 0;
            return nullptr;
        },
        [&](std::span<loop* const> homes) -> result<std::unique_ptr<resident>> {
            EXPECT_EQ(homes.size(), 3U);
            return std::make_unique<guest>(alive);
        });
    ASSERT_TRUE(made);
    EXPECT_EQ(before, 3);
    (*made)->stop();
    (*made)->join();
    EXPECT_EQ(alive, 1);
    made->reset();
    EXPECT_EQ(alive, 0);
}

TEST(workers, do_not_settle_where_nothing_can_be_shared) {
    std::atomic<int> settled{0};
    auto made = workers::start(
        {.count = 3},
        [&](loop&, unsigned) -> result<std::unique_ptr<resident>> {
            ++settled;
            return nullptr;
        },
        [](std::span<loop* const>) -> result<std::unique_ptr<resident>> {
            return fail(error::denied);
        });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, error::denied);
    EXPECT_EQ(settled, 0);
}

TEST(workers, are_pinned_to_the_cpus_that_were_named) {
    const int named = permitted_cpus().back();
    std::array<int, 2> seen{-1, -1};
    auto made = workers::start({.count = 2, .pin = true, .cpus = {named}},
                               [&](loop&, unsigned index) -> result<std::unique_ptr<resident>> {
                                   const std::vector<int> mine = permitted_cpus();
                                   if (mine.size() == 1) seen[index] = mine.front();
                                   return nullptr;
                               });
    ASSERT_TRUE(made);
    EXPECT_EQ(seen, (std::array{named, named}));
}

TEST(cores, follow_the_quota_rounded_up) {
    EXPECT_EQ(cores_of_quota("max 100000"), 0U);
    EXPECT_EQ(cores_of_quota("200000 100000"), 2U);
    EXPECT_EQ(cores_of_quota("150000 100000\n"), 2U);
    EXPECT_EQ(cores_of_quota("10000 100000"), 1U);
    EXPECT_EQ(cores_of_quota("-1 100000"), 0U) << "version 1's way to say none";
    for (const char* text : {"", " ", "x", "100000", "100000 0", "1 x"})
        EXPECT_EQ(cores_of_quota(text), 0U) << text;
}

TEST(cores, are_those_of_the_control_group_of_either_version) {
    const cpu_group two = parse_cpu_group("0::/a/b");
    EXPECT_EQ(two.root, "/sys/fs/cgroup");
    EXPECT_EQ(two.group, "/a/b");
    EXPECT_FALSE(two.is_v1);
    const cpu_group one = parse_cpu_group("4:cpu,cpuacct:/");
    EXPECT_EQ(one.root, "/sys/fs/cgroup/cpu,cpuacct");
    EXPECT_EQ(one.group, "/");
    EXPECT_TRUE(one.is_v1);
    for (const char* text :
         {"", "0", "0:", "0::", "3:cpuset:/a", "9:name=systemd:/", "2:cpuacct:/"})
        EXPECT_TRUE(parse_cpu_group(text).root.empty()) << text;
}

TEST(cores, are_at_least_one_and_at_most_the_mask) {
    EXPECT_GE(usable_cores(), 1U);
    EXPECT_LE(usable_cores(), permitted_cpus().size());
}

}  // namespace
}  // namespace nightjar::io
