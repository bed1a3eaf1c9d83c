// What a client can go on with after one of the broker's limits was reached.

#include "scripted.hpp"

#include <gtest/gtest.h>

namespace nightjar::sim {
namespace {

constexpr std::uint64_t limit = 1'000'000;

broker::broker_config limited() {
    broker::broker_config how;
    how.memory_limit = limit;
    return how;
}

mqtt::publish numbered(mqtt::qos level, bool dup) {
    return {.topic = "a", .payload = as_bytes("x"), .id = 1, .level = level, .dup = dup};
}

/// A 3.x client cannot be told, so it is sent away; what it sends again later is new.
TEST(short_memory, lets_a_client_of_3_1_1_try_again) {
    for (const auto level : {mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
        SCOPED_TRACE(static_cast<int>(level));
        calm_world all{1, 2, limited()};
        scripted_client& listener = all.listen("listener");
        const mqtt::connect hello{
            .version = mqtt::version::v3_1_1, .clean_start = false, .client_id = "old"};
        scripted_client& first = all.connect(hello);
        all.press(limit);
        first.say(numbered(level, false));
        ASSERT_TRUE(all.until([&] { return first.is_over(); }));
        EXPECT_FALSE(first.answer());
        all.press(0);
        scripted_client& again = all.connect(hello);
        ASSERT_TRUE(again.has_session());
        again.say(numbered(level, true));
        EXPECT_TRUE(all.until([&] { return again.answer().has_value(); })) << "no answer";
        EXPECT_TRUE(all.until([&] { return listener.messages().size() == 1; }));
        all.rest(1s);
        EXPECT_EQ(listener.messages().size(), 1U);
    }
}

/// One of 5.0 is told, and goes on with its connection.
TEST(short_memory, tells_a_client_of_5_0) {
    for (const auto level : {mqtt::qos::at_least_once, mqtt::qos::exactly_once}) {
        SCOPED_TRACE(static_cast<int>(level));
        calm_world all{1, 2, limited()};
        scripted_client& listener = all.listen("listener");
        scripted_client& one = all.connect({.client_id = "new"});
        all.press(limit);
        one.say(numbered(level, false));
        ASSERT_TRUE(all.until([&] { return one.answer().has_value(); }));
        EXPECT_EQ(one.answer(), mqtt::reason::quota_exceeded);
        all.press(0);
        one.say(numbered(level, false));
        EXPECT_TRUE(all.until([&] { return listener.messages().size() == 1; }));
        EXPECT_TRUE(all.until([&] { return !is_failure(*one.answer()); }));
    }
}

/// The policy is about those who do not keep up, not about those who were away.
TEST(policy_disconnect, lets_who_comes_back_empty_its_queue_first) {
    broker::broker_config how;
    how.max_queued_messages = 3;
    how.max_inflight_messages = 1;
    broker::listener_config door;
    door.slow_subscriber_policy = broker::listener_config::slow_policy::disconnect;
    calm_world all{1, 1, how, door};
    const mqtt::connect hello{
        .version = mqtt::version::v3_1_1, .clean_start = false, .client_id = "reader"};
    scripted_client& before = all.connect(hello);
    before.subscribe("a", mqtt::qos::at_least_once);
    ASSERT_TRUE(all.until([&] { return before.is_subscribed(); }));
    before.die();
    all.rest(1s);
    scripted_client& writer = all.connect({.client_id = "writer"});
    const auto write_ten = [&] {
        for (int i = 0; i != 10; ++i) writer.say(numbered(mqtt::qos::at_least_once, false));
    };
    write_ten();
    all.rest(1s);
    scripted_client& back = all.connect(hello);
    write_ten();  // while all but one of its messages wait
    all.rest(1s);
    EXPECT_FALSE(back.is_over());
    EXPECT_GE(back.messages().size(), 4U);
    back.hold(true);
    write_ten();
    all.rest(1s);
    back.hold(false);
    EXPECT_TRUE(all.until([&] { return back.is_over(); })) << "now it does not keep up";
}

}  // namespace
}  // namespace nightjar::sim
