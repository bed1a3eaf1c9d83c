// Handlers on other threads: bounded tasks, answers in order, back-pressure when all are taken.
#include "models/floor_case.hpp"

#include <atomic>
#include <thread>

namespace nightjar::io::test {
namespace {

using row = models::counter_row;

class pools : public floor_test {
protected:
    /// Handlers stand still until the gate opens.
    void open_gated(unsigned threads) {
        open(
            [this](outlet& peer, bytes lent) {
                const unsigned now = ++inside_;
                if (now > most_inside_) most_inside_ = now;
                gate_.wait(false);
                --inside_;
                peer.write(lent);
            },
            threads);
    }
    void open_gate() {
        gate_ = true;
        gate_.notify_all();
    }
    void TearDown() override {
        open_gate();
        floor_.reset();
    }

    std::atomic<bool> gate_{false};
    std::atomic<unsigned> inside_{0};
    std::atomic<unsigned> most_inside_{0};
};

TEST_P(pools, answer_from_other_threads) {
    std::atomic<bool> is_elsewhere{false};
    open(
        [&, here = std::this_thread::get_id()](outlet& peer, bytes lent) {
            is_elsewhere = std::this_thread::get_id() != here;
            peer.write(lent);
        },
        2);
    tape& one = call();
    one.say("hello");
    ASSERT_TRUE(hears(one, "hello"));
    EXPECT_TRUE(is_elsewhere);
    EXPECT_EQ(count(&row::messages), 1U);
    EXPECT_EQ(count(&row::bytes_in), 5U);
    EXPECT_EQ(count(&row::bytes_out), 5U);
}

TEST_P(pools, keep_the_order_of_each_connection) {
    how_.tasks_max = 3;
    open_echo(3);
    std::vector<tape*> all;
    for (int i = 0; i < 8; ++i) all.push_back(&call());
    const std::string much = pattern(1'500'000);
    for (tape* one : all) one->say(much);
    for (tape* one : all) ASSERT_TRUE(until([&] { return one->got.size() >= much.size(); }));
    for (tape* one : all) EXPECT_TRUE(one->got == much);
}

TEST_P(pools, run_one_task_of_a_connection_at_a_time) {
    open_gated(4);
    tape& one = call();
    one.say("first");
    ASSERT_TRUE(until([&] { return inside_ == 1; }));
    one.say("second");
    lab_->rest(50ms);
    EXPECT_EQ(inside_, 1U);
    open_gate();
    ASSERT_TRUE(hears(one, "firstsecond"));
    EXPECT_EQ(most_inside_, 1U);
}

TEST_P(pools, read_nothing_while_all_tasks_are_taken) {
    how_.tasks_max = 4;
    open_gated(2);
    std::vector<tape*> all;
    for (int i = 0; i < 12; ++i) all.push_back(&call());
    for (tape* one : all) one->say("ask");
    ASSERT_TRUE(until([&] { return inside_ == 2; }));
    lab_->rest(50ms);
    EXPECT_EQ(inside_, 2U) << "as many as there are threads";
    EXPECT_FALSE(floor_->reads());
    tape& late = call();
    late.say("ask");
    lab_->rest(50ms);
    EXPECT_EQ(count(&row::accepted), 13U) << "newcomers come in, and are not read";
    open_gate();
    for (tape* one : all) ASSERT_TRUE(hears(*one, "ask"));
    ASSERT_TRUE(hears(late, "ask"));
    ASSERT_TRUE(until([&] { return floor_->reads(); }));
    EXPECT_EQ(count(&row::messages), 13U);
}

TEST_P(pools, know_who_asks_and_how_much_may_be_said) {
    std::atomic<bool> is_right{false};
    endpoint who, where;
    open(
        [&](outlet& peer, bytes) {
            who = peer.peer();
            where = peer.local();
            const std::size_t room = peer.room();
            const std::string much(room, 'x');
            is_right = peer.is_open() && !peer.write(as_bytes(much + "x")) &&
                       peer.write(as_bytes(much)) && peer.room() == 0;
        },
        1);
    tape& one = call();
    const endpoint mine = one.peer->local();
    one.say("?");
    ASSERT_TRUE(until([&] { return one.got.size() == 1024 * 1024; }));
    EXPECT_TRUE(is_right);
    EXPECT_EQ(who, mine);
    EXPECT_EQ(where, at_);
}

TEST_P(pools, close_and_drop_as_the_handler_says) {
    open(
        [](outlet& peer, bytes lent) {
            peer.write(as_bytes(std::string_view("bye")));
            as_text(lent) == "close" ? peer.close() : peer.drop();
            EXPECT_FALSE(peer.write(lent));
        },
        1);
    tape& closing = call();
    closing.say("close");
    ASSERT_TRUE(until([&] { return !closing.closed.empty(); }));
    EXPECT_EQ(closing.got, "bye");
    tape& dropped = call();
    dropped.say("drop");
    EXPECT_TRUE(until([&] { return !dropped.closed.empty(); }));
}

TEST_P(pools, outlive_connections_whose_tasks_run) {
    open_gated(1);
    tape& first = call();
    tape& second = call();
    first.say("1");
    ASSERT_TRUE(until([&] { return inside_ == 1; }));
    second.say("2");
    lab_->rest(20ms);
    first.peer->abort();
    second.peer->abort();
    lab_->rest(20ms);
    open_gate();
    EXPECT_TRUE(until([&] { return count(&row::connections) == 0; }));
}

TEST_P(pools, end_with_tasks_that_nobody_began) {
    open_gated(1);
    std::vector<tape*> all;
    for (int i = 0; i < 4; ++i) all.push_back(&call());
    for (tape* one : all) one->say("x");
    ASSERT_TRUE(until([&] { return inside_ == 1; }));
    lab_->rest(20ms);
    std::thread later([this] {
        std::this_thread::sleep_for(50ms);
        open_gate();
    });
    floor_.reset();
    later.join();
    EXPECT_EQ(count(&row::connections), 0U);
    EXPECT_LT(count(&row::messages), 5U);
}

TEST_P(pools, drained_wait_for_tasks) {
    how_.drain_quiet = 10ms;
    open_gated(1);
    tape& one = call();
    one.say("x");
    ASSERT_TRUE(until([&] { return inside_ == 1; }));
    bool done = false;
    floor_->drain([&] { done = true; });
    lab_->rest(60ms);
    EXPECT_FALSE(done);
    open_gate();
    ASSERT_TRUE(until([&] { return done; }));
    EXPECT_EQ(one.got, "x");
}

INSTANTIATE_TEST_SUITE_P(on, pools, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
