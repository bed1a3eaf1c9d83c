// What waits for a connection, and its limits.
#include "mosquitto.hpp"
#include "stage.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::qos;

class queue : public testing::Test {
protected:
    /// A client that is connecting to nobody.
    void begin(actor& who) {
        who.how.host = "127.0.0.1";
        who.how.port = 1;
        who.how.again = {.is_on = true, .first = 20ms, .longest = 20ms, .seed = 1};
        who.begin();
    }
    stage scene;
};

TEST_F(queue, refuses_beyond_its_number_of_messages) {
    actor one(scene);
    one.how.queue.messages_max = 3;
    begin(one);
    for (int i = 0; i != 3; ++i) EXPECT_TRUE(one.self.publish("t", "x", qos::at_least_once));
    const auto fourth = one.self.publish("t", "x", qos::at_least_once);
    ASSERT_FALSE(fourth.has_value());
    EXPECT_EQ(fourth.error(), error::no_room);
    EXPECT_EQ(one.self.queued(), 3u);
}

TEST_F(queue, refuses_beyond_its_bytes) {
    actor one(scene);
    one.how.queue.bytes_max = 100;
    begin(one);
    EXPECT_TRUE(one.self.publish("t", std::string(99, 'x'), qos::at_least_once));
    EXPECT_EQ(one.self.queued_bytes(), 100u);
    EXPECT_FALSE(one.self.publish("t", "", qos::at_least_once));
}

TEST_F(queue, drops_the_oldest_where_that_is_the_policy) {
    mosquitto broker;
    actor one(scene);
    one.how.queue.messages_max = 2;
    one.how.queue.policy = when_full::drop_oldest;
    begin(one);
    const auto first = one.self.publish("t", "0", qos::at_least_once);
    EXPECT_TRUE(one.self.publish("t", "1", qos::at_least_once));
    EXPECT_TRUE(one.self.publish("t", "2", qos::at_least_once));
    ASSERT_EQ(one.dropped.size(), 1u);
    EXPECT_EQ(one.dropped[0].first, *first);
    EXPECT_EQ(one.dropped[0].second, error::no_room);
    EXPECT_EQ(one.self.queued(), 2u);
}

TEST_F(queue, keeps_no_qos_0_where_told_so) {
    actor one(scene);
    one.how.queue.keeps_qos_0 = false;
    begin(one);
    EXPECT_FALSE(one.self.publish("t", "x"));
    EXPECT_TRUE(one.self.publish("t", "x", qos::at_least_once));
}

TEST_F(queue, says_when_there_is_room_again_and_delivers_in_order) {
    mosquitto broker;
    actor one(scene);
    one.how.queue.messages_max = 4;
    begin(one);
    for (int i = 0; i != 4; ++i) ASSERT_TRUE(one.self.publish("t", std::to_string(i)));
    EXPECT_FALSE(one.self.publish("t", "4"));
    EXPECT_EQ(one.rooms, 0u);
    one.leave();
    EXPECT_EQ(one.self.queued(), 4u);
    ASSERT_TRUE(one.self.subscribe("t").has_value());
    one.how.port = broker.port();
    one.arrive();
    ASSERT_TRUE(scene.until([&] { return one.messages.size() == 4; }));
    EXPECT_EQ(one.payloads(), numbers(4));
    EXPECT_EQ(one.rooms, 1u);
}

TEST_F(queue, refuses_what_is_no_topic) {
    actor one(scene);
    EXPECT_EQ(one.self.publish("a/#", "x").error(), error::invalid);
    EXPECT_EQ(one.self.publish("", "x").error(), error::invalid);
    EXPECT_EQ(one.self.subscribe("a/#/b").error(), error::invalid);
    EXPECT_EQ(one.self.subscribe(std::span<const mqtt::subscription>{}).error(), error::invalid);
}

TEST_F(queue, refuses_options_that_make_no_sense) {
    actor one(scene);
    one.how.version = mqtt::version::v3_1_1;
    one.how.clean_start = false;
    EXPECT_EQ(one.self.connect(one.how, {}).error(), error::invalid);
    one.how.clean_start = true;
    one.how.password = "secret";
    EXPECT_EQ(one.self.connect(one.how, {}).error(), error::invalid);
    EXPECT_TRUE(one.self.is_idle());
}

}  // namespace
}  // namespace nightjar::client::test
