#include <gtest/gtest.h>

#include <deque>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/timer_wheel.hpp>
#include <string>
#include <vector>

namespace nightjar {
namespace {

static_assert(sizeof(timer) <= 40);

constexpr instant start{1'000'000'007ns};  // not on a tick of anybody's

/// Writes its name down when it fires, and then does what it was told.
struct probe : timer {
    explicit probe(std::string name_, std::string& log_)
        : timer(fire), name(std::move(name_)), log(log_) {}

    static void fire(timer& self, instant now) noexcept {
        auto& me = static_cast<probe&>(self);
        EXPECT_GE(now, me.at()) << "early: " << me.name;
        EXPECT_FALSE(me.is_armed());
        me.log += me.name;
        me.fired_at = now;
        if (me.then) me.then(me.context);
    }

    std::string name;
    std::string& log;
    instant fired_at{};
    void (*then)(void*) noexcept = nullptr;
    void* context = nullptr;
};

struct a_wheel : testing::Test {
    timer_wheel wheel{start};
    std::string log;
    probe a{"a", log}, b{"b", log}, c{"c", log};
};

TEST_F(a_wheel, waits_for_nothing_at_first) {
    EXPECT_EQ(wheel.next_deadline(), never);
    EXPECT_EQ(wheel.advance(start + 24h * 365 * 50), 0U);
    EXPECT_EQ(wheel.next_deadline(), never);
}

TEST_F(a_wheel, fires_never_early_and_at_most_a_tick_late) {
    for (const duration after :
         {1ns, 999'999ns, 1'000'000ns, 1'000'001ns, 32'500'000ns, 1'024'000'000ns}) {
        timer_wheel fresh(start);
        log.clear();
        const instant due = start + after;
        fresh.arm(a, due);
        EXPECT_GE(fresh.next_deadline() + timer_wheel::tick, due);
        EXPECT_EQ(fresh.advance(due - 1ns), 0U) << after.count();
        EXPECT_EQ(fresh.advance(due + timer_wheel::tick), 1U) << after.count();
        EXPECT_EQ(log, "a");
    }
}

TEST_F(a_wheel, fires_at_the_deadline_that_it_named) {
    wheel.arm(a, start + 60s + 1ns);
    int wake_ups = 0;
    while (log.empty()) {
        ASSERT_NE(wheel.next_deadline(), never);
        wheel.advance(wheel.next_deadline());
        ++wake_ups;
    }
    EXPECT_GE(a.fired_at, start + 60s + 1ns);
    EXPECT_LT(a.fired_at, start + 60s + 1ns + timer_wheel::tick);
    EXPECT_LE(wake_ups, 9);
}

TEST_F(a_wheel, fires_by_tick_and_in_a_tick_as_armed) {
    wheel.arm(c, start + 50ms);
    wheel.arm(b, start + 40ms);
    wheel.arm(a, start + 50ms - 1ns);  // the same tick as c, armed later
    EXPECT_EQ(wheel.advance(start + 1s), 3U);
    EXPECT_EQ(log, "bca");
}

TEST_F(a_wheel, keeps_the_order_of_a_tick_across_levels) {
    wheel.arm(a, start + 2000ms);  // waits two levels up, and moves down on the way
    wheel.advance(start + 1999ms);
    wheel.arm(b, start + 2000ms);  // goes straight to the lowest level
    wheel.advance(start + 2000ms);
    EXPECT_EQ(log, "ab");
}

TEST_F(a_wheel, fires_the_past_at_once) {
    wheel.advance(start + 10s);
    wheel.arm(a, start + 5s);
    wheel.arm(b, start - 5s);
    wheel.arm(c, instant::min());
    EXPECT_LE(wheel.next_deadline(), start + 10s);
    EXPECT_EQ(wheel.advance(start + 10s), 3U);
    EXPECT_EQ(log, "abc");
    EXPECT_EQ(wheel.next_deadline(), never);
}

TEST_F(a_wheel, waits_for_years) {
    const instant far = start + 24h * 365 * 100;
    wheel.arm(a, far);
    wheel.arm(b, never);
    EXPECT_EQ(wheel.advance(far - 1ms), 0U);
    EXPECT_EQ(wheel.advance(far + 1ms), 1U);
    EXPECT_EQ(log, "a");
    EXPECT_TRUE(b.is_armed());
}

TEST_F(a_wheel, counts_on_a_clock_that_starts_below_zero) {
    timer_wheel early{instant::min()};
    early.arm(a, instant::min() + 3ms);
    early.arm(b, never);
    early.arm(c, instant{});
    EXPECT_EQ(early.advance(instant::min() + 3ms), 1U);
    EXPECT_EQ(early.advance(instant{} - 1ns), 0U);
    EXPECT_EQ(early.advance(instant{} + 1ms), 1U);
    EXPECT_EQ(log, "ac");
}

TEST_F(a_wheel, moves_and_cancels) {
    wheel.arm(a, start + 10ms);
    wheel.arm(b, start + 10ms);
    wheel.arm(a, start + 5s);
    b.cancel();
    b.cancel();
    EXPECT_FALSE(b.is_armed());
    EXPECT_TRUE(a.is_armed());
    EXPECT_GT(wheel.next_deadline(), start + 10ms);
    EXPECT_EQ(wheel.advance(start + 1s), 0U);
    wheel.arm(a, start + 1500ms);
    EXPECT_EQ(wheel.advance(start + 2s), 1U);
    EXPECT_EQ(wheel.next_deadline(), never);
}

TEST_F(a_wheel, forgets_a_timer_that_dies) {
    {
        probe short_lived{"x", log};
        wheel.arm(short_lived, start + 1ms);
    }
    EXPECT_EQ(wheel.next_deadline(), never);
    EXPECT_EQ(wheel.advance(start + 1s), 0U);
}

TEST_F(a_wheel, leaves_its_timers_alive_when_it_dies) {
    {
        timer_wheel short_lived{start};
        short_lived.arm(a, start + 1ms);
        short_lived.arm(b, start - 1ms);
        short_lived.arm(c, never);
    }
    EXPECT_FALSE(a.is_armed());
    EXPECT_FALSE(b.is_armed());
    EXPECT_FALSE(c.is_armed());
    wheel.arm(a, start);
    EXPECT_EQ(wheel.advance(start), 1U);
}

TEST_F(a_wheel, takes_a_timer_from_another) {
    timer_wheel other{start};
    other.arm(a, start + 1ms);
    wheel.arm(a, start + 2ms);
    EXPECT_EQ(other.next_deadline(), never);
    EXPECT_EQ(other.advance(start + 1s), 0U);
    EXPECT_EQ(wheel.advance(start + 1s), 1U);
}

TEST_F(a_wheel, a_time_before_the_last_counts_as_the_last) {
    wheel.advance(start + 1s);
    wheel.arm(a, start + 1s + 5ms);
    EXPECT_EQ(wheel.advance(start), 0U);
    EXPECT_EQ(wheel.advance(start + 1s + 5ms), 1U);
}

TEST_F(a_wheel, a_callback_may_arm_itself) {
    a.context = this;
    a.then = [](void* context) noexcept {
        auto& test = *static_cast<a_wheel*>(context);
        test.wheel.arm(test.a, test.a.at() + 10ms);
    };
    wheel.arm(a, start + 10ms);
    EXPECT_EQ(wheel.advance(start + 35ms), 3U);  // 10, 20 and 30: each in its tick
    EXPECT_EQ(log, "aaa");
}

TEST_F(a_wheel, what_a_callback_arms_for_now_waits_for_the_next_call) {
    a.context = this;
    a.then = [](void* context) noexcept {
        auto& test = *static_cast<a_wheel*>(context);
        test.wheel.arm(test.a, test.a.at());
    };
    wheel.arm(a, start + 10ms);
    EXPECT_EQ(wheel.advance(start + 20ms), 1U);
    EXPECT_LE(wheel.next_deadline(), start + 20ms);
    EXPECT_EQ(wheel.advance(start + 20ms), 1U);
    EXPECT_EQ(log, "aa");
}

TEST_F(a_wheel, a_callback_may_cancel_and_move_what_is_due_with_it) {
    a.context = this;
    a.then = [](void* context) noexcept {
        auto& test = *static_cast<a_wheel*>(context);
        test.b.cancel();
        test.wheel.arm(test.c, start + 30ms);
    };
    for (probe* each : {&a, &b, &c}) wheel.arm(*each, start + 10ms);
    EXPECT_EQ(wheel.advance(start + 20ms), 1U);
    EXPECT_EQ(wheel.advance(start + 40ms), 1U);
    EXPECT_EQ(log, "ac");
}

TEST_F(a_wheel, a_callback_may_destroy_its_timer) {
    auto* gone = new probe{"g", log};
    gone->context = gone;
    gone->then = [](void* context) noexcept { delete static_cast<probe*>(context); };
    wheel.arm(*gone, start + 1ms);
    wheel.arm(a, start + 1ms);
    EXPECT_EQ(wheel.advance(start + 1ms), 2U);
    EXPECT_EQ(log, "ga");
}

using a_wheel_death = a_wheel;
TEST_F(a_wheel_death, advancing_in_a_callback_is_a_broken_promise) {
    a.context = this;
    a.then = [](void* context) noexcept {
        static_cast<a_wheel*>(context)->wheel.advance(start + 5ms);
    };
    wheel.arm(a, start + 1ms);
    EXPECT_DEATH(wheel.advance(start + 1ms), "not called by a callback");
}

TEST(timer_wheel, holds_a_million) {
    constexpr std::size_t count = 1'000'000;
    timer_wheel wheel{start};
    std::deque<timer> timers;
    prng random(3);
    for (std::size_t i = 0; i < count; ++i) {
        timers.emplace_back([](timer& self, instant now) noexcept {
            if (now < self.at() || now >= self.at() + 2 * timer_wheel::tick) ADD_FAILURE();
        });
        wheel.arm(timers.back(), start + duration(random.uniform(20'000'000'000)));
    }
    std::size_t fired = 0;
    for (instant now = start; now < start + 21s; now += timer_wheel::tick)
        fired += wheel.advance(now);
    EXPECT_EQ(fired, count);
    EXPECT_EQ(wheel.next_deadline(), never);
}

}  // namespace
}  // namespace nightjar
