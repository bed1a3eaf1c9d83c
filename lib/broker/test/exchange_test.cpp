#include "worker/exchange.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace nightjar::broker {
namespace {

message numbered(std::uint64_t n) {
    message made = message::copy_of({.topic = "t", .publisher = n});
    made.share();
    return made;
}

TEST(exchange, keeps_the_order_when_a_ring_overflows) {
    exchange all{2};
    io::loop first, second;
    all.enlist(0, first);
    all.enlist(1, second);
    mailbox from{all, 0}, to{all, 1};
    const std::uint64_t many = 3 * all.between(0, 1).capacity();
    for (std::uint64_t i = 0; i != many; ++i) from.send(1, letter{numbered(i)});
    EXPECT_TRUE(from.is_congested());
    std::uint64_t next = 0;
    for (int round = 0; round != 10; ++round) {
        to.receive([&](unsigned sender, letter& one) {
            EXPECT_EQ(sender, 0U);
            EXPECT_EQ(std::get<message>(one).view().publisher, next++);
        });
        from.receive([](unsigned, letter&) { FAIL() << "nobody wrote"; });
    }
    EXPECT_EQ(next, many);
    EXPECT_FALSE(from.is_congested());
}

TEST(exchange, wakes_who_sleeps_and_loses_nothing_between_threads) {
    constexpr std::uint64_t many = 50'000;
    exchange all{2};
    io::loop sender_loop, reader_loop;
    all.enlist(0, sender_loop);
    all.enlist(1, reader_loop);
    std::uint64_t next = 0;
    std::thread reader([&] {
        mailbox mine{all, 1};
        while (next != many) {
            mine.receive([&](unsigned, letter& one) {
                EXPECT_EQ(std::get<message>(one).view().publisher, next++);
            });
            // A lost bell would make this wait as long as the test may run.
            if (next != many) reader_loop.run_once(reader_loop.now() + 100s);
        }
    });
    mailbox mine{all, 0};
    for (std::uint64_t i = 0; i != many;) {
        for (int batch = 0; batch != 50 && i != many; ++batch) mine.send(1, letter{numbered(i++)});
        mine.ring_bells();
        while (mine.is_congested()) {
            mine.receive([](unsigned, letter&) {});
            mine.ring_bells();
            std::this_thread::yield();
        }
    }
    reader.join();
    EXPECT_EQ(next, many);
}

}  // namespace
}  // namespace nightjar::broker
