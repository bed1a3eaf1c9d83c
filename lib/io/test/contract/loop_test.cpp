// Turns, timers, tasks, hooks and the dirty list.
#include "contract/suite.hpp"

namespace nightjar::io::test {
namespace {

struct alarm {
    explicit alarm(io::loop& on) : on_(on) {}
    struct ring : timer {
        explicit ring(alarm& its) : timer(fire), its(its) {}
        static void fire(timer& self, instant now) noexcept {
            static_cast<ring&>(self).its.fired.push_back(now);
        }
        alarm& its;
    };
    io::loop& on_;
    std::vector<instant> fired;
    ring bell{*this};
};

TEST_P(contract, timers_fire_once_and_never_early) {
    alarm one(loop());
    const instant before = loop().now();
    loop().arm(one.bell, 30ms);
    ASSERT_TRUE(until([&] { return !one.fired.empty(); }));
    EXPECT_GE(one.fired.front(), before + 30ms);
    lab_->rest(20ms);
    EXPECT_EQ(one.fired.size(), 1U);
}

TEST_P(contract, a_timer_armed_inside_a_callback_counts_from_then) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    alarm pause(loop()), one(loop());
    instant armed_at{};
    far.when_data = [&](tape&) {
        armed_at = engine().now();
        loop().arm(one.bell, 50ms);
    };
    loop().arm(pause.bell, 100ms);
    ASSERT_TRUE(until([&] { return !pause.fired.empty(); }));
    near.say("now");
    ASSERT_TRUE(until([&] { return !one.fired.empty(); }));
    EXPECT_GE(engine().now(), armed_at + 45ms);  // the turn's time is a little before
}

TEST_P(contract, a_cancelled_timer_does_not_fire) {
    alarm one(loop());
    loop().arm(one.bell, 10ms);
    one.bell.cancel();
    lab_->rest(50ms);
    EXPECT_TRUE(one.fired.empty());
}

TEST_P(contract, tasks_run_in_the_order_in_which_they_were_posted) {
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) loop().post([&order, i] { order.push_back(i); });
    EXPECT_TRUE(order.empty()) << "never inside post()";
    ASSERT_TRUE(until([&] { return order.size() == 100; }));
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_P(contract, a_task_that_posts_does_not_starve_the_loop) {
    int left = 50;
    std::function<void()> again = [&] {
        if (--left > 0) loop().post(again);
    };
    loop().post(again);
    loop().run_once(instant::min());
    EXPECT_EQ(left, 49) << "what a task posts is the next turn's";
    ASSERT_TRUE(until([&] { return left == 0; }));
}

TEST_P(contract, a_stop_before_run_counts) {
    loop().stop();
    loop().run();
    SUCCEED();
}

TEST_P(contract, stop_ends_run_after_the_turn) {
    int turns = 0;
    loop().post([&] {
        loop().stop();
        ++turns;
    });
    loop().run();
    EXPECT_EQ(turns, 1);
}

struct counting_flusher final : flusher {
    int flushes = 0;
    std::function<void()> inside;
    void flush() noexcept override {
        ++flushes;
        if (inside) inside();
    }
};

TEST_P(contract, the_dirty_are_flushed_once_a_turn) {
    counting_flusher one;
    loop().mark_dirty(one);
    loop().mark_dirty(one);
    loop().run_once(instant::min());
    EXPECT_EQ(one.flushes, 1);
    loop().run_once(instant::min());
    EXPECT_EQ(one.flushes, 1);
}

TEST_P(contract, who_marks_itself_while_flushing_comes_next_turn) {
    counting_flusher one;
    one.inside = [&] {
        if (one.flushes < 3) loop().mark_dirty(one);
    };
    loop().mark_dirty(one);
    loop().run_once(instant::min());
    EXPECT_EQ(one.flushes, 1);
    loop().run_once(never);  // must not sleep: work is waiting
    loop().run_once(never);
    EXPECT_EQ(one.flushes, 3);
}

TEST_P(contract, the_dead_are_not_flushed) {
    {
        counting_flusher one;
        loop().mark_dirty(one);
    }
    loop().run_once(instant::min());
    SUCCEED();
}

struct counting_hook final : turn_hook {
    int turns = 0;
    void on_turn() noexcept override { ++turns; }
};

TEST_P(contract, hooks_are_called_once_a_turn) {
    counting_hook one, two;
    loop().add_hook(one);
    loop().add_hook(two);
    loop().run_once(instant::min());
    loop().run_once(instant::min());
    EXPECT_EQ(one.turns, 2);
    EXPECT_EQ(two.turns, 2);
}

TEST_P(contract, a_turn_whose_limit_has_passed_does_not_wait) {
    for (int i = 0; i < 3; ++i) loop().run_once(engine().now() - 1s);  // would hang
    SUCCEED();
}

struct counting_prepare final : prepare_hook {
    int calls = 0;
    std::function<void()> inside;
    void on_prepare() noexcept override {
        ++calls;
        if (inside) inside();
    }
};

TEST_P(contract, prepare_comes_before_the_wait_and_what_it_arms_counts) {
    counting_prepare hook;
    alarm one(loop());
    counting_flusher dirty;
    hook.inside = [&] {
        if (hook.calls == 1) loop().arm(one.bell, 1ms);
        if (hook.calls == 2) loop().mark_dirty(dirty);
    };
    loop().add_prepare(hook);
    loop().run_once(instant::min());
    EXPECT_EQ(hook.calls, 1);
    loop().run_once(never);  // must not sleep: the hook makes work
    EXPECT_EQ(dirty.flushes, 1);
    ASSERT_TRUE(until([&] { return one.fired.size() == 1; }));
    hook.unlink();
    const int before = hook.calls;
    loop().run_once(instant::min());
    EXPECT_EQ(hook.calls, before);
}

struct counting_idle final : idle_hook {
    int calls = 0;
    std::function<void()> inside;
    void on_idle() noexcept override {
        ++calls;
        if (inside) inside();
    }
};

TEST_P(contract, idle_keeps_the_loop_from_waiting_as_long_as_it_is_there) {
    counting_idle hook;
    hook.inside = [&] {
        if (hook.calls == 5) hook.unlink();
    };
    loop().add_idle(hook);
    for (int i = 0; i < 5; ++i) loop().run_once(never);  // none may sleep
    EXPECT_EQ(hook.calls, 5);
    EXPECT_EQ(loop().deadline(), never) << "nothing is left to do";
    loop().run_once(instant::min());
    EXPECT_EQ(hook.calls, 5);
}

TEST_P(contract, a_hook_may_end_another_one) {
    auto second = std::make_unique<counting_idle>();
    counting_idle first;
    first.inside = [&] { second.reset(); };
    loop().add_idle(first);
    loop().add_idle(*second);
    loop().run_once(instant::min());
    loop().run_once(instant::min());
    EXPECT_EQ(first.calls, 2);
}

}  // namespace
}  // namespace nightjar::io::test
