// The world itself: one seed, one history; faults happen; time passes only where nobody is busy.
#include "contract/tape.hpp"

#include <nightjar/sim/world.hpp>

#include <gtest/gtest.h>

#include <map>

namespace nightjar::sim {
namespace {

using io::test::caller;
using io::test::host;
using io::test::tape;

/// Three clients talk to an echo for a while; returns the text of all that happened.
std::string history(std::uint64_t seed, const faults& f,
                    std::map<error::kind, int>* ends = nullptr) {
    world w(seed, f);
    w.log().keep();
    io::loop& home = w.add_loop(0);
    host door;
    door.when_accept = [](tape& fresh) {
        fresh.when_data = [](tape& self) { self.say(std::exchange(self.got, {})); };
    };
    auto listener = home.engine().listen({.at = world::address_of(0, 7), .device = {}}, door);
    std::deque<caller> callers;
    for (unsigned i = 1; i != 4; ++i) {
        caller& one = callers.emplace_back();
        auto made =
            w.add_loop(i).engine().connect({.to = world::address_of(0, 7), .from = {}}, one);
        one.under_way = std::move(*made);
    }
    for (int i = 0; i != 100; ++i) {
        for (caller& one : callers)
            if (one.line.peer != nullptr) one.line.say(std::to_string(i) + " or thereabouts ");
        w.run_until([] { return false; }, 500ms);
    }
    if (ends != nullptr) {
        for (caller& one : callers) {
            for (const error why : one.failures) ++(*ends)[why.what];
            for (const error why : one.line.closed) ++(*ends)[why.what];
        }
    }
    return w.log().text();
}

TEST(world, has_one_history_per_seed) {
    prng chance(5);
    for (std::uint64_t seed = 0; seed != 20; ++seed) {
        const faults f = faults::draw(chance);
        const std::string once = history(seed, f);
        EXPECT_GT(once.size(), 100U);
        EXPECT_EQ(once, history(seed, f)) << "seed " << seed;
        EXPECT_NE(once, history(seed + 100, f)) << "seed " << seed;
    }
}

TEST(world, is_as_bad_as_it_is_told) {
    std::map<error::kind, int> ends;
    for (std::uint64_t seed = 0; seed != 40; ++seed) {
        faults f;
        f.refused_connect = f.lost_connect = 0.1;
        f.weather = 2s;
        f.resets = f.vanishings = f.partitions = 1;
        history(seed, f, &ends);
    }
    EXPECT_GT(ends[error::reset], 0);
    EXPECT_GT(ends[error::timed_out], 0);
    EXPECT_GT(ends[error::refused], 0);
    ends.clear();
    history(1, {}, &ends);
    EXPECT_TRUE(ends.empty()) << "in fair weather nothing ends";
}

TEST(world, jumps_over_time_in_which_nothing_happens) {
    world w(1);
    io::loop& home = w.add_loop(0);
    bool is_late = false;
    struct bell : timer {
        explicit bell(bool& flag)
            : timer([](timer& self, instant) noexcept { static_cast<bell&>(self).late = true; }),
              late(flag) {}
        bool& late;
    } one(is_late);
    const instant start = w.now();
    home.arm(one, 1000h);
    ASSERT_TRUE(w.run_until([&] { return is_late; }, 1001h));
    EXPECT_GE(w.now(), start + 1000h);
    EXPECT_FALSE(w.step()) << "nothing is left to happen";
}

TEST(world, several_listen_at_one_place_and_each_is_chosen) {
    world w(3);
    std::deque<host> doors(3);
    std::vector<std::unique_ptr<io::listener>> listeners;
    for (host& one : doors) {
        auto made = w.add_loop(0).engine().listen(
            {.at = io::endpoint::any_v4(1883), .reuse_port = true, .device = {}}, one);
        ASSERT_TRUE(made);
        listeners.push_back(std::move(*made));
    }
    io::loop& away = w.add_loop(1);
    std::deque<caller> callers(60);
    for (caller& one : callers) {
        auto made = away.engine().connect({.to = world::address_of(0, 1883), .from = {}}, one);
        one.under_way = std::move(*made);
    }
    ASSERT_TRUE(w.run_until(
        [&] { return doors[0].tapes.size() + doors[1].tapes.size() + doors[2].tapes.size() == 60; },
        10s));
    for (host& one : doors) EXPECT_GT(one.tapes.size(), 5U);
}

}  // namespace
}  // namespace nightjar::sim
