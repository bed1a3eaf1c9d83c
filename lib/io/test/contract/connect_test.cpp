// An attempt ends in exactly one word, or in none if it was given up.
#include "contract/suite.hpp"

namespace nightjar::io::test {
namespace {

TEST_P(contract, connect_to_nobody_is_refused) {
    caller& made = dial(lab_->nowhere());
    ASSERT_TRUE(until([&] { return !made.failures.empty(); }));
    EXPECT_EQ(made.failures, std::vector<error>{error::refused});
    EXPECT_EQ(made.connections, 0);
}

TEST_P(contract, a_cancelled_attempt_says_nothing) {
    caller& made = dial(listener_->local());
    made.under_way.reset();
    lab_->rest(50ms);
    EXPECT_EQ(made.connections, 0);
    EXPECT_TRUE(made.failures.empty());
}

TEST_P(contract, an_attempt_may_be_dropped_once_it_ended) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    callers_.back().under_way.reset();
    near.say("still here");
    ASSERT_TRUE(until([&] { return far.got == "still here"; }));
}

TEST_P(contract, a_closed_listener_accepts_nobody_and_its_streams_live_on) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    const endpoint was = listener_->local();
    listener_.reset();
    loop().run_once(instant::min());
    caller& late = dial(was);
    ASSERT_TRUE(until([&] { return !late.failures.empty(); }));
    near.say("alive");
    ASSERT_TRUE(until([&] { return far.got == "alive"; }));
}

TEST_P(contract, a_paused_listener_takes_its_callers_later) {
    listener_->pause();
    loop().run_once(instant::min());
    caller& made = dial(listener_->local());
    lab_->rest(50ms);
    EXPECT_TRUE(host_.tapes.empty());
    listener_->resume();
    ASSERT_TRUE(until([&] { return host_.tapes.size() == 1 && made.connections == 1; }));
}

TEST_P(contract, a_listener_may_end_inside_on_accept) {
    host_.when_accept = [this](tape&) { listener_.reset(); };
    caller& first = dial(listener_->local());
    ASSERT_TRUE(until([&] { return host_.tapes.size() == 1 && first.connections == 1; }));
    first.line.say("alive");
    ASSERT_TRUE(until([&] { return host_.tapes.front().got == "alive"; }));
}

TEST_P(contract, the_same_place_cannot_be_listened_at_twice) {
    host other;
    auto second = engine().listen({.at = listener_->local(), .device = {}}, other);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().what, error::in_use);
}

}  // namespace
}  // namespace nightjar::io::test
