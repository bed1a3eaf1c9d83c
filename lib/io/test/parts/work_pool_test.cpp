// Work goes to threads within bounds, and its result comes home.
#include "parts/part.hpp"

#include <pthread.h>

#include <nightjar/io/work_pool.hpp>

#include <atomic>
#include <csignal>
#include <future>
#include <set>
#include <string>

namespace nightjar::io::test {
namespace {

class work : public part {
protected:
    void open(unsigned threads, std::size_t waiting_max = 1024) {
        auto made = work_pool::start({.threads = threads, .waiting_max = waiting_max});
        ASSERT_TRUE(made);
        pool_ = std::move(*made);
        desk_ = std::make_unique<work_desk>(loop(), *pool_);
    }
    /// Keeps one thread busy until release().
    void block() {
        auto taken = desk_->submit([wait = gate_.get_future().share()] { wait.wait(); }, [] {});
        ASSERT_TRUE(taken);
        taken->detach();
        while (pool_->running() == 0) std::this_thread::yield();
    }
    void release() { gate_.set_value(); }

    std::promise<void> gate_;  // before the pool, whose threads wait for it
    std::unique_ptr<work_pool> pool_;
    std::unique_ptr<work_desk> desk_;
};

TEST_P(work, runs_elsewhere_and_its_result_comes_to_the_loop) {
    open(2);
    const auto home = std::this_thread::get_id();
    std::thread::id ran{}, told{};
    std::string answer;
    auto taken = desk_->submit(
        [&] {
            ran = std::this_thread::get_id();
            return std::string("forty-two");
        },
        [&](std::string result) {
            told = std::this_thread::get_id();
            answer = std::move(result);
        });
    ASSERT_TRUE(taken);
    EXPECT_TRUE(*taken);
    EXPECT_EQ(desk_->under_way(), 1U);
    ASSERT_TRUE(until([&] { return !answer.empty(); }));
    EXPECT_EQ(answer, "forty-two");
    EXPECT_NE(ran, home);
    EXPECT_EQ(told, home);
    EXPECT_FALSE(*taken) << "nothing is pending once it was told";
    EXPECT_EQ(desk_->under_way(), 0U);
}

TEST_P(work, refuses_what_does_not_fit_and_takes_it_when_there_is_room) {
    open(1, 3);
    block();
    int told = 0;
    std::vector<pending> kept;
    for (int i = 0; i < 3; ++i) {
        auto taken = desk_->submit([] {}, [&] { ++told; });
        ASSERT_TRUE(taken) << i;
        kept.push_back(std::move(*taken));
    }
    const auto refused = desk_->submit([] {}, [&] { ++told; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, error::no_room);
    EXPECT_EQ(pool_->waiting(), 3U);
    release();
    ASSERT_TRUE(until([&] { return told == 3; }));
    auto taken = desk_->submit([] {}, [&] { ++told; });
    ASSERT_TRUE(taken);
    ASSERT_TRUE(until([&] { return told == 4; }));
}

TEST_P(work, that_was_cancelled_before_its_start_does_not_run) {
    open(1);
    block();
    std::atomic<bool> ran{false};
    bool told = false;
    auto taken = desk_->submit([&] { ran = true; }, [&] { told = true; });
    ASSERT_TRUE(taken);
    taken->cancel();
    EXPECT_FALSE(*taken);
    EXPECT_EQ(pool_->waiting(), 0U) << "its place is free at once";
    release();
    ASSERT_TRUE(until([&] { return desk_->under_way() == 0; }));
    EXPECT_FALSE(ran);
    EXPECT_FALSE(told);
}

TEST_P(work, that_was_cancelled_while_it_ran_ends_in_silence) {
    open(1);
    std::promise<void> go;
    std::atomic<bool> ran{false};
    bool told = false;
    {
        auto taken = desk_->submit(
            [&, wait = go.get_future().share()] {
                wait.wait();
                ran = true;
            },
            [&] { told = true; });
        ASSERT_TRUE(taken);
        while (pool_->running() == 0) std::this_thread::yield();
    }  // nobody is interested any more
    go.set_value();
    ASSERT_TRUE(until([&] { return desk_->under_way() == 0; }));
    EXPECT_TRUE(ran);
    EXPECT_FALSE(told);
}

TEST_P(work, a_callback_may_cancel_its_neighbours_and_submit_more) {
    open(1);
    block();
    std::vector<int> told;
    std::vector<pending> kept(4);
    for (int i = 0; i < 3; ++i) {
        auto taken = desk_->submit([] {},
                                   [&, i] {
                                       told.push_back(i);
                                       if (i != 0) return;
                                       kept[1].cancel();
                                       auto more = desk_->submit([] {}, [&] { told.push_back(3); });
                                       ASSERT_TRUE(more);
                                       kept[3] = std::move(*more);
                                   });
        ASSERT_TRUE(taken);
        kept[static_cast<std::size_t>(i)] = std::move(*taken);
    }
    release();
    while (pool_->waiting() + pool_->running() > 0) std::this_thread::yield();  // one turn for all
    ASSERT_TRUE(until([&] { return told.size() == 3; }));
    EXPECT_EQ(told, (std::vector<int>{0, 2, 3}));
}

TEST_P(work, a_desk_that_ends_waits_for_what_runs_and_drops_what_waits) {
    open(1);
    std::atomic<int> ran{0};
    bool told = false;
    std::promise<void> go;
    auto running = desk_->submit(
        [&, wait = go.get_future().share()] {
            wait.wait();
            ++ran;
        },
        [&] { told = true; });
    ASSERT_TRUE(running);
    while (pool_->running() == 0) std::this_thread::yield();
    auto waiting = desk_->submit([&] { ran += 10; }, [&] { told = true; });
    ASSERT_TRUE(waiting);
    std::thread later([&] {
        std::this_thread::sleep_for(20ms);
        go.set_value();
    });
    desk_.reset();
    EXPECT_EQ(ran, 1);
    EXPECT_FALSE(*running);
    EXPECT_FALSE(*waiting);
    later.join();
    lab_->rest(10ms);
    EXPECT_FALSE(told);
}

TEST_P(work, drain_finishes_all_and_refuses_more) {
    open(2);
    std::atomic<int> ran{0};
    int told = 0;
    std::vector<pending> kept;
    for (int i = 0; i < 50; ++i) {
        auto taken = desk_->submit([&] { ++ran; }, [&] { ++told; });
        ASSERT_TRUE(taken);
        kept.push_back(std::move(*taken));
    }
    pool_->drain();
    EXPECT_EQ(ran, 50);
    const auto refused = desk_->submit([] {}, [] {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, error::cancelled);
    ASSERT_TRUE(until([&] { return told == 50; }));
}

TEST_P(work, is_done_by_all_threads_and_none_hears_signals) {
    open(3);
    std::mutex door;
    std::set<std::thread::id> who;
    bool all_blocked = true;
    int told = 0;
    std::vector<pending> kept;
    std::promise<void> go;
    const auto wait = go.get_future().share();
    for (int i = 0; i < 3; ++i) {
        auto taken = desk_->submit(
            [&, wait] {
                {
                    const std::lock_guard lock(door);
                    who.insert(std::this_thread::get_id());
                    sigset_t now;
                    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
                    all_blocked = all_blocked && sigismember(&now, SIGTERM) == 1;
                }
                wait.wait();
            },
            [&] { ++told; });
        ASSERT_TRUE(taken);
        kept.push_back(std::move(*taken));
    }
    while (pool_->running() < 3) std::this_thread::yield();
    go.set_value();
    ASSERT_TRUE(until([&] { return told == 3; }));
    EXPECT_EQ(who.size(), 3U);
    EXPECT_TRUE(all_blocked);
}

TEST_P(work, a_crowd_comes_home_once_each) {
    open(4, 100'000);
    constexpr int count = 20'000;
    std::vector<int> told(count);
    std::vector<pending> kept;
    for (int i = 0; i < count; ++i) {
        auto taken = desk_->submit([i] { return i; },
                                   [&](int which) { ++told[static_cast<std::size_t>(which)]; });
        ASSERT_TRUE(taken);
        kept.push_back(std::move(*taken));
    }
    ASSERT_TRUE(until([&] { return desk_->under_way() == 0; }));
    EXPECT_TRUE(std::ranges::all_of(told, [](int n) { return n == 1; }));
}

TEST(work_pool, of_no_threads_is_refused) {
    const auto made = work_pool::start({.threads = 0});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, error::invalid);
}

TEST(pending, moves_and_forgets_once) {
    struct request final : pending::request {
        void forget() noexcept override { ++forgotten; }
        int forgotten = 0;
    } what;
    {
        pending first(what);
        pending second(std::move(first));
        EXPECT_FALSE(first);
        EXPECT_TRUE(second);
        pending third;
        third = std::move(second);
        EXPECT_EQ(what.forgotten, 0);
        third.cancel();
        third.cancel();
    }
    EXPECT_EQ(what.forgotten, 1);
    {
        pending held(what);
        held.detach();
    }
    EXPECT_EQ(what.forgotten, 1);
}

INSTANTIATE_TEST_SUITE_P(on, work, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
