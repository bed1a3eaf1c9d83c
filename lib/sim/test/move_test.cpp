// A connection moves between loops of one world while its peer goes on talking.
#include "contract/tape.hpp"

#include <nightjar/sim/world.hpp>

#include <gtest/gtest.h>

namespace nightjar::sim {
namespace {

using io::test::caller;
using io::test::host;
using io::test::tape;

/// Reads on one loop, then on the other.
struct traveller {
    io::loop* loops[2];
    std::deque<tape> stays{};
    std::string got{};
    bool is_over = false;

    void arrive(io::handle what) {
        auto made = loops[stays.size() % 2]->engine().adopt(std::move(what));
        ASSERT_TRUE(made);
        tape& here = stays.emplace_back();
        here.when_data = [this](tape& self) {
            got += std::exchange(self.got, {});
            if (self.data_calls == 3 && self.peer != nullptr) leave(self);
        };
        here.when_closed = [this](tape&) { is_over = true; };
        here.hold(**made);
    }
    void leave(tape& from) {
        auto box = std::make_shared<io::handle>(std::exchange(from.peer, nullptr)->release());
        loops[stays.size() % 2]->post([this, box] { arrive(std::move(*box)); });
    }
};

TEST(move, loses_nothing_and_doubles_nothing) {
    for (std::uint64_t seed = 0; seed != 50; ++seed) {
        faults f;
        f.latency_spread = 1ms;
        f.cut_read = 0.8;
        world w(seed, f);
        io::loop& first = w.add_loop(0);
        traveller guest{{&w.add_loop(0), &w.add_loop(0)}};
        io::loop& away = w.add_loop(1);
        host door;
        auto listener =
            first.engine().listen({.at = world::address_of(0, 1883), .device = {}}, door);
        ASSERT_TRUE(listener);
        door.when_accept = [&](tape& fresh) {
            auto box = std::make_shared<io::handle>(std::exchange(fresh.peer, nullptr)->release());
            guest.loops[0]->post([&guest, box] { guest.arrive(std::move(*box)); });
        };
        caller near;
        auto under_way =
            away.engine().connect({.to = world::address_of(0, 1883), .from = {}}, near);
        ASSERT_TRUE(w.run_until([&] { return near.connections == 1; }, 10s));
        std::string sent;
        for (int i = 0; i != 40'000; ++i) sent += std::to_string(i) + ' ';
        near.line.say(sent);
        ASSERT_TRUE(w.run_until([&] { return guest.got.size() >= sent.size(); }, 60s)) << seed;
        EXPECT_EQ(guest.got, sent) << "seed " << seed;
        EXPECT_GT(guest.stays.size(), 2U) << "seed " << seed;
        near.line.close();
        EXPECT_TRUE(w.run_until([&] { return guest.is_over; }, 10s)) << "seed " << seed;
        EXPECT_EQ(w.connections(), 0U) << "seed " << seed;
    }
}

TEST(move, a_dropped_handle_ends_the_connection) {
    world w(1);
    io::loop& home = w.add_loop(0);
    host door;
    auto listener = home.engine().listen({.at = world::address_of(0, 0), .device = {}}, door);
    door.when_accept = [](tape& fresh) {
        io::handle dropped = std::exchange(fresh.peer, nullptr)->release();
    };
    caller near;
    auto under_way = home.engine().connect({.to = (*listener)->local(), .from = {}}, near);
    ASSERT_TRUE(w.run_until([&] { return !near.line.closed.empty(); }, 10s));
    EXPECT_EQ(w.connections(), 0U);
}

}  // namespace
}  // namespace nightjar::sim
