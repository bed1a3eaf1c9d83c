// The end comes once, last, from the loop, and says why; nobody is hurt by who closes whom from
// where.
#include "contract/suite.hpp"

namespace nightjar::io::test {
namespace {

TEST_P(contract, close_tells_both_ends_once) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.close();
    EXPECT_TRUE(near.closed.empty()) << "never from inside close()";
    near.peer->close();
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    lab_->rest(20ms);
    EXPECT_EQ(near.closed, std::vector<error>{error::none});
    EXPECT_EQ(far.closed, std::vector<error>{error::end_of_stream});
    EXPECT_EQ(far.ends, 1);
}

TEST_P(contract, what_was_written_before_close_arrives) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.say("last words");
    ASSERT_TRUE(until([&] { return near.is_idle(); }));
    near.close();
    ASSERT_TRUE(until([&] { return !far.closed.empty(); }));
    EXPECT_EQ(far.got, "last words");
}

TEST_P(contract, write_after_close_takes_nothing) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.close();
    const std::array<bytes_view, 1> pieces{as_bytes("late")};
    EXPECT_EQ(near.peer->write(pieces), 0U);
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(far.got, "");
}

TEST_P(contract, close_drops_a_write_in_flight) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.say(pattern(8'000'000));
    ASSERT_FALSE(near.is_idle());
    near.close();
    ASSERT_TRUE(until([&] { return !near.closed.empty(); }));
    EXPECT_EQ(near.closed.front().what, error::none);
    EXPECT_FALSE(near.heard_after_close);
}

TEST_P(contract, close_inside_on_data) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_data = [](tape& line) { line.close(); };
    near.say("x");
    ASSERT_TRUE(until([&] { return !far.closed.empty() && !near.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::none});
    EXPECT_FALSE(far.heard_after_close);
}

TEST_P(contract, close_inside_on_written) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.when_written = [](tape& line) { line.close(); };
    near.say(pattern(8'000'000));
    ASSERT_FALSE(near.is_idle());
    far.peer->resume();
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(near.closed, std::vector<error>{error::none});
    EXPECT_EQ(near.written_calls, 1U);
    EXPECT_FALSE(near.heard_after_close);
}

TEST_P(contract, close_inside_on_end_is_a_close_that_was_asked_for) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_end = [](tape& line) {
        line.close();
        return true;
    };
    near.close();
    ASSERT_TRUE(until([&] { return !far.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::none});
}

TEST_P(contract, close_of_another_inside_on_closed) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    const line others = connect();
    tape &other = others.near, &beyond = others.far;
    near.when_closed = [&other](tape&) { other.close(); };
    near.close();
    ASSERT_TRUE(until(
        [&] { return !other.closed.empty() && !beyond.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(other.closed, std::vector<error>{error::none});
}

TEST_P(contract, close_inside_on_accept) {
    host_.when_accept = [](tape& line) { line.close(); };
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::none});
}

/// All have news in the same turn; the first to hear of it closes all others.
TEST_P(contract, close_of_neighbours_in_the_same_turn) {
    constexpr std::size_t many = 20;
    std::vector<line> lines;
    for (std::size_t i = 0; i < many; ++i) lines.push_back(connect());
    std::size_t heard = 0;
    for (line& one : lines) {
        one.far.when_data = [&](tape& self) {
            ++heard;
            for (line& other : lines) {
                if (&other.far != &self) other.far.close();
            }
        };
    }
    for (line& one : lines) one.near.say("x");
    ASSERT_TRUE(until([&] {
        return std::ranges::count_if(lines, [](line& one) { return !one.far.closed.empty(); }) ==
               many - 1;
    }));
    EXPECT_EQ(heard, 1U) << "no on_data after close()";
    for (line& one : lines) EXPECT_FALSE(one.far.heard_after_close);
}

TEST_P(contract, abort_reads_as_a_reset) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.peer->abort();
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(near.closed, std::vector<error>{error::none});
    EXPECT_EQ(far.closed, std::vector<error>{error::reset});
    EXPECT_EQ(far.ends, 0) << "a reset is no end in order";
}

TEST_P(contract, a_reset_is_heard_while_paused) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    loop().run_once(instant::min());
    near.peer->abort();
    ASSERT_TRUE(until([&] { return !far.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::reset});
}

TEST_P(contract, a_peer_that_ended_while_we_are_paused_costs_no_turns) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.say("last words");
    near.peer->shutdown();
    const instant end = loop().now() + 200ms;
    int turns = 0;
    for (; loop().now() < end; ++turns) loop().run_once(end);
    EXPECT_LT(turns, 20) << "reported for ever, it would keep a core busy";
    far.peer->resume();
    ASSERT_TRUE(until([&] { return far.ends == 1; }));
    EXPECT_EQ(far.got, "last words");
}

TEST_P(contract, a_reset_ends_a_write_in_flight) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.say(pattern(8'000'000));
    ASSERT_FALSE(near.is_idle());
    far.peer->abort();
    ASSERT_TRUE(until([&] { return !near.closed.empty(); }));
    EXPECT_EQ(near.closed, std::vector<error>{error::reset});
}

/// MQTT: a client that says DISCONNECT and closes while the broker is sending to it did say
/// DISCONNECT. What it left unread makes its close a reset, which the next write meets first.
TEST_P(contract, last_words_are_heard_though_a_write_met_the_reset) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.peer->pause();
    far.say("unread");
    lab_->rest(20ms);
    near.say("bye");
    near.close();
    for (int i = 0; i < 3; ++i) far.say("news");
    ASSERT_TRUE(until([&] { return !far.closed.empty() && !near.closed.empty(); }));
    EXPECT_EQ(far.got, "bye");
    EXPECT_EQ(far.closed, std::vector<error>{error::reset});
}

TEST_P(contract, on_end_false_closes) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_end = [](tape&) { return false; };
    near.peer->shutdown();
    ASSERT_TRUE(until([&] { return !far.closed.empty() && !near.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::end_of_stream});
    EXPECT_EQ(near.closed, std::vector<error>{error::end_of_stream});
}

TEST_P(contract, on_end_true_leaves_our_side_open) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.when_end = [](tape&) { return true; };
    near.say("question");
    near.peer->shutdown();
    ASSERT_TRUE(until([&] { return far.ends == 1; }));
    EXPECT_EQ(far.got, "question");
    const std::string answer = pattern(2'000'000);
    far.say(answer);
    ASSERT_TRUE(until([&] { return near.got.size() >= answer.size(); }));
    EXPECT_TRUE(near.got == answer);
    EXPECT_TRUE(far.closed.empty());
    far.close();
    ASSERT_TRUE(until([&] { return !far.closed.empty() && !near.closed.empty(); }));
    EXPECT_EQ(far.closed, std::vector<error>{error::none});
    EXPECT_EQ(far.ends, 1);
}

TEST_P(contract, both_sides_shut_down_and_live_until_closed) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    near.when_end = far.when_end = [](tape&) { return true; };
    near.peer->shutdown();
    far.peer->shutdown();
    ASSERT_TRUE(until([&] { return near.ends == 1 && far.ends == 1; }));
    lab_->rest(50ms);
    EXPECT_TRUE(near.closed.empty());
    EXPECT_TRUE(far.closed.empty());
    near.close();
    far.close();
    ASSERT_TRUE(until([&] { return !near.closed.empty() && !far.closed.empty(); }));
    EXPECT_EQ(near.closed, std::vector<error>{error::none});
    EXPECT_EQ(far.closed, std::vector<error>{error::none});
}

TEST_P(contract, shutdown_waits_for_the_write_in_flight) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    const std::string sent = pattern(4'000'000);
    near.say(sent);
    ASSERT_FALSE(near.is_idle());
    near.peer->shutdown();
    far.peer->resume();
    ASSERT_TRUE(until([&] { return far.ends == 1; }));
    EXPECT_TRUE(far.got == sent);
}

TEST_P(contract, an_end_while_paused_is_heard_after_the_bytes) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.say("before the end");
    near.peer->shutdown();
    lab_->rest(30ms);
    EXPECT_EQ(far.data_calls, 0U);
    far.peer->resume();
    ASSERT_TRUE(until([&] { return !far.closed.empty(); }));
    EXPECT_EQ(far.got, "before the end");
    EXPECT_EQ(far.closed, std::vector<error>{error::end_of_stream});
}

}  // namespace
}  // namespace nightjar::io::test
