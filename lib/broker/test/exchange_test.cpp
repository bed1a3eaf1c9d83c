#include "worker/exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::broker {
namespace {

message numbered(std::uint64_t n) {
    message made = message::copy_of({.topic = "t", .publisher = n});
    made.share();
    return made;
}

/// The numbers of the messages in a letter, appended to `all`.
void list(const letter& from, std::vector<std::uint64_t>& all) {
    if (const auto* one = std::get_if<message>(&from)) {
        all.push_back(one->view().publisher);
        return;
    }
    std::get<std::unique_ptr<bundle>>(from)->for_each(
        [&](const message_view& one) { all.push_back(one.publisher); });
}

TEST(exchange, brings_small_messages_over_whole) {
    exchange all{2};
    io::loop first, second;
    all.enlist(0, first);
    all.enlist(1, second);
    mailbox from{all, 0}, to{all, 1};
    const std::array props{byte{0x01}, byte{0x01}};  // Payload Format Indicator: text
    const message_view sent{.topic = "a/b",
                            .payload = as_bytes("hello"),
                            .props = mqtt::properties{props},
                            .level = mqtt::qos::exactly_once,
                            .publisher = 77,
                            .accepted = instant{5s},
                            .expires = instant{9s},
                            .worker = 3};
    ASSERT_TRUE(from.send_copy(1, sent));
    ASSERT_TRUE(from.send_copy(1, {.topic = "", .payload = {}}));
    int seen = 0;
    EXPECT_TRUE(to.receive([](unsigned, letter&) {
        ADD_FAILURE() << "the turn is not over";
        return true;
    }));
    from.ring_bells();
    EXPECT_TRUE(to.receive([&](unsigned, letter& what) {
        std::get<std::unique_ptr<bundle>>(what)->for_each([&](const message_view& got) {
            if (seen++ != 0) {
                EXPECT_TRUE(got.topic.empty() && got.payload.empty());
                return;
            }
            EXPECT_EQ(got.topic, "a/b");
            EXPECT_EQ(as_text(got.payload), "hello");
            EXPECT_TRUE(std::ranges::equal(got.props.raw(), props));
            EXPECT_EQ(got.level, sent.level);
            EXPECT_EQ(got.publisher, sent.publisher);
            EXPECT_EQ(got.accepted, sent.accepted);
            EXPECT_EQ(got.expires, sent.expires);
            EXPECT_EQ(got.worker, sent.worker);
        });
        return true;
    }));
    EXPECT_EQ(seen, 2);
}

TEST(exchange, keeps_the_order_of_bundled_messages_and_letters) {
    exchange all{2};
    io::loop first, second;
    all.enlist(0, first);
    all.enlist(1, second);
    mailbox from{all, 0}, to{all, 1};
    const std::string payload(1000, 'x');  // several bundles
    for (std::uint64_t i = 0; i != 200; ++i) {
        if (i % 7 == 3)
            from.send(1, letter{numbered(i)});
        else
            ASSERT_TRUE(
                from.send_copy(1, {.topic = "t", .payload = as_bytes(payload), .publisher = i}));
    }
    from.ring_bells();
    std::vector<std::uint64_t> got;
    EXPECT_TRUE(to.receive([&](unsigned, letter& one) { return list(one, got), true; }));
    ASSERT_EQ(got.size(), 200U);
    for (std::uint64_t i = 0; i != got.size(); ++i) EXPECT_EQ(got[i], i);
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
        EXPECT_TRUE(to.receive([&](unsigned sender, letter& one) {
            EXPECT_EQ(sender, 0U);
            EXPECT_EQ(std::get<message>(one).view().publisher, next++);
            return true;
        }));
        EXPECT_TRUE(from.receive([](unsigned, letter&) {
            ADD_FAILURE() << "nobody wrote";
            return true;
        }));
    }
    EXPECT_EQ(next, many);
    EXPECT_FALSE(from.is_congested());
}

/// Whoever fills a turn does not keep the others' letters waiting.
TEST(exchange, asks_each_sender_in_turn_where_not_all_is_read) {
    exchange all{3};
    io::loop loops[3];
    for (unsigned i = 0; i != 3; ++i) all.enlist(i, loops[i]);
    mailbox flood{all, 0}, quiet{all, 2}, reader{all, 1};
    for (std::uint64_t i = 0; i != 100; ++i) flood.send(1, letter{numbered(i)});
    quiet.send(1, letter{numbered(1000)});
    std::vector<unsigned> from;
    for (int turn = 0; turn != 2; ++turn) {
        int read = 0;
        EXPECT_FALSE(reader.receive([&](unsigned sender, letter&) {
            from.push_back(sender);
            return ++read != 10;
        }));
    }
    EXPECT_EQ(std::count(from.begin(), from.end(), 2U), 1);
    while (
        !reader.receive([&](unsigned sender, letter&) { return from.push_back(sender), true; })) {
    }
    EXPECT_EQ(from.size(), 101U) << "and all are read in the end";
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
            (void)mine.receive([&](unsigned, letter& one) {
                EXPECT_EQ(std::get<message>(one).view().publisher, next++);
                return true;
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
            (void)mine.receive([](unsigned, letter&) { return true; });
            mine.ring_bells();
            std::this_thread::yield();
        }
    }
    reader.join();
    EXPECT_EQ(next, many);
}

}  // namespace
}  // namespace nightjar::broker
