// Bytes arrive as they were sent: whole, in order, once; however they are cut, and whoever is slow.
#include "contract/suite.hpp"

namespace nightjar::io::test {
namespace {

void echo(tape& line) { line.say(std::exchange(line.got, {})); }

TEST_P(contract, echoes_what_was_sent) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_data = echo;
    near.say("hello");
    ASSERT_TRUE(until([&] { return near.got == "hello"; }));
    EXPECT_TRUE(near.closed.empty());
}

/// Counts what a write was said to have taken.
struct tally final : receiver {
    std::size_t taken = 0;
    std::size_t calls = 0;
    void on_data(bytes) noexcept override {}
    void on_written(std::size_t n) noexcept override {
        taken += n;
        ++calls;
    }
    void on_closed(error) noexcept override {}
};

TEST_P(contract, a_small_write_is_over_at_once_or_told_so) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    tally count;
    near.peer->attach(count);
    const std::array<bytes_view, 3> pieces{as_bytes("ab"), bytes_view{}, as_bytes("cd")};
    const std::size_t at_once = near.peer->write(pieces);
    ASSERT_TRUE(until([&] { return far.got == "abcd"; }));
    lab_->rest(20ms);
    EXPECT_EQ(at_once + count.taken, 4U);
    EXPECT_EQ(count.calls, at_once == 4 ? 0U : 1U) << "a write that was taken whole is over";
    near.peer->attach(near);
}

TEST_P(contract, keeps_order_over_many_small_writes_and_cut_reads) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    std::string sent;
    for (std::size_t i = 0; i < 500; ++i) {
        sent += pattern(i % 37 + 1);
        near.say(pattern(i % 37 + 1));
        if (i % 3 == 0) loop().run_once(instant::min());
    }
    ASSERT_TRUE(until([&] { return far.got.size() >= sent.size(); }));
    EXPECT_EQ(far.got, sent);
}

TEST_P(contract, carries_megabytes_both_ways_at_once) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    const std::string there = pattern(3'000'000);
    const std::string back = pattern(2'999'999);
    near.say(there);
    far.say(back);
    ASSERT_TRUE(
        until([&] { return far.got.size() >= there.size() && near.got.size() >= back.size(); }));
    EXPECT_TRUE(far.got == there);
    EXPECT_TRUE(near.got == back);
}

TEST_P(contract, gathers_more_than_64_pieces_in_several_writes) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    std::array<bytes_view, 100> pieces;
    pieces.fill(as_bytes("x"));
    tally count;
    near.peer->attach(count);
    const std::size_t at_once = near.peer->write(pieces);
    EXPECT_LE(at_once, 64U) << "at most 64 pieces are looked at";
    ASSERT_TRUE(until([&] { return count.calls == 1; })) << "fewer taken: the write is in flight";
    ASSERT_TRUE(until([&] { return far.got.size() >= at_once + count.taken; }));
    EXPECT_EQ(at_once + count.taken, far.got.size());
    EXPECT_LE(far.got.size(), 64U);
    near.peer->attach(near);
}

TEST_P(contract, brings_nothing_while_paused_and_all_of_it_afterwards) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    const std::string sent = pattern(20'000'000);
    near.say(sent);
    lab_->rest(100ms);
    EXPECT_EQ(far.data_calls, 0U);
    EXPECT_FALSE(near.is_idle()) << "back-pressure: a window is less than twenty megabytes";
    far.peer->resume();
    ASSERT_TRUE(until([&] { return far.got.size() >= sent.size(); }));
    EXPECT_TRUE(far.got == sent);
}

TEST_P(contract, pause_inside_on_data_stops_the_next_on_data) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_data = [](tape& line) { line.peer->pause(); };
    const std::string sent = pattern(1'000'000);
    near.say(sent);
    for (std::size_t calls = 1; far.got.size() < sent.size(); ++calls) {
        ASSERT_TRUE(until([&] { return far.data_calls == calls; }));
        for (int i = 0; i < 3; ++i) loop().run_once(instant::min());
        ASSERT_EQ(far.data_calls, calls);
        far.peer->resume();
    }
    EXPECT_TRUE(far.got == sent);
}

TEST_P(contract, a_slow_reader_pauses_and_resumes_through_megabytes) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    const std::string sent = pattern(4'000'000);
    near.say(sent);
    for (int i = 0; far.got.size() < sent.size(); ++i) {
        ASSERT_LT(i, 100'000);
        i % 3 == 0 ? far.peer->pause() : far.peer->resume();
        loop().run_once(i % 3 == 0 ? instant::min() : loop().now() + 10ms);
    }
    EXPECT_TRUE(far.got == sent);
}

TEST_P(contract, another_receiver_can_take_over_a_stream) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    tape second;
    near.say("one");
    ASSERT_TRUE(until([&] { return far.got == "one"; }));
    second.hold(*far.peer);
    near.say("two");
    ASSERT_TRUE(until([&] { return second.got == "two"; }));
    EXPECT_EQ(far.got, "one");
    second.close();
    ASSERT_TRUE(until([&] { return !second.closed.empty(); }));
    EXPECT_TRUE(far.closed.empty());
}

TEST_P(contract, knows_both_ends) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    EXPECT_EQ(near.peer->peer(), far.peer->local());
    EXPECT_EQ(near.peer->local(), far.peer->peer());
    EXPECT_EQ(far.peer->local(), listener_->local());
}

}  // namespace
}  // namespace nightjar::io::test
