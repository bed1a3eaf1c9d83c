// A worker's connections: counted, limited, drained.
#include "models/floor_case.hpp"

namespace nightjar::io::test {
namespace {

using row = models::counter_row;

class floors : public floor_test {};

TEST_P(floors, count_what_their_connections_do) {
    open_echo();
    tape& first = call();
    tape& second = call();
    first.say("four");
    ASSERT_TRUE(hears(first, "four"));
    second.say("and nine.");
    ASSERT_TRUE(hears(second, "and nine."));
    EXPECT_EQ(count(&row::accepted), 2U);
    EXPECT_EQ(count(&row::connections), 2U);
    EXPECT_EQ(count(&row::messages), 2U);
    EXPECT_EQ(count(&row::bytes_in), 13U);
    EXPECT_EQ(count(&row::bytes_out), 13U);
    first.peer->close();
    ASSERT_TRUE(until([&] { return count(&row::connections) == 1; }));
    EXPECT_EQ(count(&row::accepted), 2U);
}

TEST_P(floors, leave_newcomers_in_the_backlog_at_the_limit) {
    how_.connections_max = 2;
    open_echo();
    tape& first = call();
    tape& second = call();
    tape& third = call();
    first.say("1");
    second.say("2");
    third.say("3");
    ASSERT_TRUE(hears(first, "1") && hears(second, "2"));
    lab_->rest(50ms);
    EXPECT_EQ(third.got, "");
    EXPECT_EQ(count(&row::connections), 2U);
    second.peer->close();
    ASSERT_TRUE(hears(third, "3"));
}

TEST_P(floors, refuse_what_is_handed_to_them_at_the_limit) {
    how_.connections_max = 0;
    open_echo();
    tape& one = call();
    lab_->rest(20ms);
    EXPECT_EQ(count(&row::connections), 0U);
    auto both = models::channel::make();
    floor_->take(std::move(both->near));
    EXPECT_EQ(count(&row::accepted), 1U) << "it is on its way no more";
    EXPECT_EQ(count(&row::connections), 0U);
    EXPECT_TRUE(one.closed.empty());
}

TEST_P(floors, answer_what_came_before_the_end) {
    std::string much = pattern(900'000);
    open([&](outlet& peer, bytes) { peer.write(as_bytes(much)); });
    tape& one = call();
    one.say("?");
    one.peer->shutdown();
    ASSERT_TRUE(until([&] { return !one.closed.empty(); }));
    EXPECT_TRUE(one.got == much);
}

TEST_P(floors, drained_end_idle_connections_and_take_no_new_ones) {
    how_.drain_quiet = 20ms;
    open_echo();
    tape& one = call();
    one.say("x");
    ASSERT_TRUE(hears(one, "x"));
    bool done = false;
    floor_->drain([&] { done = true; });
    ASSERT_TRUE(until([&] { return done; }));
    ASSERT_TRUE(until([&] { return !one.closed.empty(); }));
    EXPECT_EQ(one.closed, std::vector<error>{error::end_of_stream});
    caller& late = dial(at_);
    EXPECT_TRUE(until([&] { return late.failures.size() == 1; }));
}

TEST_P(floors, drained_without_connections_are_done_at_once) {
    open_echo();
    bool done = false;
    floor_->drain([&] { done = true; });
    EXPECT_TRUE(done);
}

TEST_P(floors, drained_wait_for_an_answer_that_is_still_leaving) {
    how_.drain_quiet = 20ms;
    how_.out_max = 32 * 1024 * 1024;
    const std::string much = pattern(20'000'000);  // more than two sockets take
    open([&](outlet& peer, bytes) { peer.write(as_bytes(much)); });
    tape& one = call();
    one.peer->pause();
    one.say("?");
    ASSERT_TRUE(until([&] { return count(&row::bytes_out) == much.size(); }));
    bool done = false;
    floor_->drain([&] { done = true; });
    lab_->rest(100ms);
    EXPECT_FALSE(done);
    one.peer->resume();
    ASSERT_TRUE(until([&] { return done; }));
    ASSERT_TRUE(until([&] { return one.got.size() == much.size(); }));
    EXPECT_TRUE(one.got == much);
}

TEST_P(floors, drained_wait_for_a_handler_that_is_not_idle) {
    how_.drain_quiet = 10ms;
    open_echo();
    tape& one = call();
    one.say("x");
    ASSERT_TRUE(hears(one, "x"));
    idle_ = false;
    bool done = false;
    floor_->drain([&] { done = true; });
    lab_->rest(60ms);
    EXPECT_FALSE(done);
    EXPECT_TRUE(one.closed.empty());
    idle_ = true;
    EXPECT_TRUE(until([&] { return done; }));
}

TEST_P(floors, drained_wait_no_longer_than_the_limit) {
    how_.drain_quiet = 10ms;
    how_.drain_max = 80ms;
    open_echo();
    tape& one = call();
    one.say("x");
    ASSERT_TRUE(hears(one, "x"));
    idle_ = false;
    bool done = false;
    const instant begin = engine().now();
    floor_->drain([&] { done = true; });
    ASSERT_TRUE(until([&] { return done; }));
    EXPECT_GE(engine().now() - begin, 80ms);
    EXPECT_LT(engine().now() - begin, 2s);
}

TEST_P(floors, drop_what_is_open_when_they_end) {
    open_echo();
    tape& one = call();
    one.say("x");
    ASSERT_TRUE(hears(one, "x"));
    floor_.reset();
    EXPECT_EQ(count(&row::connections), 0U);
    EXPECT_TRUE(until([&] { return !one.closed.empty(); }));
}

INSTANTIATE_TEST_SUITE_P(on, floors, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
