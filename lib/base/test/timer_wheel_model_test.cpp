// Random commands against the wheel and against a sorted map; after each, both must have fired the
// same timers in the same order. Callbacks act too: by their number they re-arm themselves, cancel
// or arm a neighbour, or die down.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>
#include <nightjar/base/timer_wheel.hpp>
#include <utility>
#include <vector>

namespace nightjar {
namespace {

constexpr std::size_t timers_max = 24;
constexpr instant start{123'456'789ns};
constexpr std::int64_t tick_ns = timer_wheel::tick.count();

/// What happened: which timer at which `now`.
using history = std::vector<std::pair<std::size_t, instant>>;

/// What timer `which` does when it fires, told to whoever can arm and cancel: the wheel or the
/// model.
template <class World>
void react(World& world, std::size_t which, instant now, instant at) {
    const std::size_t next = (which + 1) % timers_max;
    switch (which % 6) {
        case 0: break;
        case 1:
            world.arm(which, now + duration((static_cast<std::int64_t>(which) + 1) * 3 * tick_ns));
            break;
        case 2: world.cancel(next); break;
        case 3: world.arm(next, now - 5ms); break;
        case 4: world.arm(next, at + 7ms); break;
        case 5: world.arm(next, at); break;
    }
}

/// The specification, slowly: sorted by effective tick, then by the order of arming.
class model {
public:
    void arm(std::size_t which, instant at) {
        cancel(which);
        const std::int64_t since = (at - start).count();
        const std::int64_t tick = since <= 0 ? 0 : (since + tick_ns - 1) / tick_ns;
        const key place{std::max(tick, current_), armed_++};
        sorted_.emplace(place, entry{which, at});
        where_[which] = place;
    }

    void cancel(std::size_t which) {
        if (const auto found = where_.find(which); found != where_.end()) {
            sorted_.erase(found->second);
            where_.erase(found);
        }
    }

    void advance(instant now) {
        const std::int64_t since = (now - start).count();
        const std::int64_t target = std::max(current_, since < 0 ? 0 : since / tick_ns);
        fire(0, armed_, now);
        for (;;) {
            const auto next = sorted_.lower_bound({current_ + 1, 0});
            if (next == sorted_.end() || next->first.first > target) break;
            current_ = next->first.first;
            fire(current_, armed_, now);
        }
        current_ = target;
    }

    bool is_armed(std::size_t which) const { return where_.contains(which); }
    bool empty() const { return sorted_.empty(); }
    std::int64_t first_tick() const { return sorted_.begin()->first.first; }

    history fired;

private:
    using key = std::pair<std::int64_t, std::uint64_t>;
    struct entry {
        std::size_t which;
        instant at;
    };

    /// All from tick `first` to the current one that were armed before `limit`: what callbacks arm
    /// for the past stays for the next advance().
    void fire(std::int64_t first, std::uint64_t limit, instant now) {
        for (;;) {
            const auto at = sorted_.lower_bound({first, 0});
            if (at == sorted_.end() || at->first.first > current_ || at->first.second >= limit)
                return;
            const entry due = at->second;
            cancel(due.which);
            fired.emplace_back(due.which, now);
            react(*this, due.which, now, due.at);
        }
    }

    std::map<key, entry> sorted_;
    std::map<std::size_t, key> where_;
    std::int64_t current_ = 0;
    std::uint64_t armed_ = 0;
};

class real {
public:
    real() {
        for (std::size_t i = 0; i < timers_max; ++i) timers_.emplace_back(*this, i);
    }
    void arm(std::size_t which, instant at) { wheel.arm(timers_[which], at); }
    void cancel(std::size_t which) { timers_[which].cancel(); }
    bool is_armed(std::size_t which) const { return timers_[which].is_armed(); }

    timer_wheel wheel{start};
    history fired;

private:
    struct numbered : timer {
        numbered(real& home_, std::size_t which_) : timer(fire), home(home_), which(which_) {}
        static void fire(timer& self, instant now) noexcept {
            auto& me = static_cast<numbered&>(self);
            me.home.fired.emplace_back(me.which, now);
            react(me.home, me.which, now, me.at());
        }
        real& home;
        std::size_t which;
    };
    std::deque<numbered> timers_;
};

/// A span of time of any magnitude: 1 ns and ten years are as likely as 60 s.
duration any_span() {
    const auto bits = *rc::gen::inRange(0, 59);
    return duration(*rc::gen::inRange<std::int64_t>(0, (std::int64_t{1} << bits) + 1));
}

/// Mostly ahead, sometimes behind, often exactly on a tick.
duration any_delay() {
    duration span = any_span();
    if (*rc::gen::inRange(0, 3) == 0) span -= span % timer_wheel::tick;
    return *rc::gen::inRange(0, 6) == 0 ? -span : span;
}

void check_deadline(const real& wheel, const model& expected, instant now) {
    const instant deadline = wheel.wheel.next_deadline();
    RC_ASSERT((deadline == never) == expected.empty());
    if (expected.empty()) return;
    // Never after the first timer's tick, unless that has passed already; it may be before.
    RC_ASSERT(deadline <= std::max(now, start + expected.first_tick() * timer_wheel::tick));
}

void step(real& wheel, model& expected, instant& now) {
    const auto which = *rc::gen::inRange<std::size_t>(0, timers_max);
    const auto command = *rc::gen::inRange(0, 10);
    if (command < 6) {
        const instant at = now + any_delay();
        wheel.arm(which, at);
        expected.arm(which, at);
    } else if (command < 7) {
        wheel.cancel(which);
        expected.cancel(which);
    } else {
        // Half of the time as a loop does it: to the deadline that the wheel itself named.
        const instant named = wheel.wheel.next_deadline();
        const duration span = any_span();
        if (command == 7 && named != never && named > now)
            now = named;
        else if (span < instant(24h * 365 * 200) - now)
            now += span;
        wheel.wheel.advance(now);
        expected.advance(now);
    }
    RC_ASSERT(wheel.fired == expected.fired);
    for (std::size_t i = 0; i < timers_max; ++i)
        RC_ASSERT(wheel.is_armed(i) == expected.is_armed(i));
    check_deadline(wheel, expected, now);
}

TEST(timer_wheel, agrees_with_a_sorted_map) {
    EXPECT_TRUE(rc::check([] {
        real wheel;
        model expected;
        instant now = start;
        const auto steps = *rc::gen::inRange(1, 200);
        for (int i = 0; i < steps; ++i) step(wheel, expected, now);
    }));
}

}  // namespace
}  // namespace nightjar
