// Against a real broker: every version, every QoS.
#include "mosquitto.hpp"
#include "stage.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::qos;
using mqtt::version;

class exchange : public testing::TestWithParam<std::tuple<version, make>> {
protected:
    actor& on_broker(actor& who) {
        who.how.host = "127.0.0.1";
        who.how.port = broker.port();
        who.how.version = std::get<0>(GetParam());
        return who;
    }
    broker_process broker{std::get<1>(GetParam())};
    stage scene;
};

TEST_P(exchange, carries_messages_of_every_qos_in_order) {
    actor reader(scene), writer(scene);
    on_broker(reader).arrive();
    reader.join("a/#", qos::exactly_once);
    on_broker(writer).arrive();
    for (const auto level : {qos::at_most_once, qos::at_least_once, qos::exactly_once})
        ASSERT_TRUE(writer.self.publish("a/b", std::to_string(static_cast<int>(level)), level));
    ASSERT_TRUE(scene.until([&] { return reader.messages.size() == 3 && writer.drained > 0; }));
    EXPECT_EQ(reader.payloads(), numbers(3));
    EXPECT_EQ(reader.messages[2].level, qos::exactly_once);
    EXPECT_EQ(writer.acknowledged.size(), 2u);
    EXPECT_EQ(writer.self.in_flight(), 0u);
}

TEST_P(exchange, carries_what_fills_many_windows) {
    actor reader(scene), writer(scene);
    on_broker(reader).arrive();
    reader.join("many", qos::exactly_once);
    on_broker(writer);
    writer.how.in_flight_max = 10;
    writer.arrive();
    for (const std::string& one : numbers(2000))
        ASSERT_TRUE(writer.self.publish("many", one, qos::exactly_once));
    EXPECT_GT(writer.self.queued(), 0u);
    ASSERT_TRUE(scene.until([&] { return reader.messages.size() >= 2000; }, 60s));
    EXPECT_EQ(reader.payloads(), numbers(2000));
}

TEST_P(exchange, carries_a_message_of_many_reads) {
    actor one(scene);
    on_broker(one).arrive();
    one.join("big", qos::at_least_once);
    const std::string big(1'900'000, 'x');
    ASSERT_TRUE(one.self.publish("big", big, qos::at_least_once));
    ASSERT_TRUE(scene.until([&] { return one.messages.size() == 1; }));
    EXPECT_EQ(one.messages[0].payload, big);
}

TEST_P(exchange, unsubscribes) {
    actor one(scene);
    on_broker(one).arrive();
    one.join("x", qos::at_least_once);
    ASSERT_TRUE(one.self.unsubscribe("x").has_value());
    ASSERT_TRUE(one.self.publish("x", "unheard", qos::at_least_once));
    ASSERT_TRUE(scene.until([&] { return one.drained > 0; }));
    scene.pass(100ms);
    EXPECT_TRUE(one.messages.empty());
}

TEST_P(exchange, sends_its_will_only_when_it_dies) {
    actor reader(scene);
    on_broker(reader).arrive();
    reader.join("will/#", qos::at_least_once);
    const auto leaver = [&](std::string topic) {
        auto one = std::make_unique<actor>(scene);
        on_broker(*one).how.will = will_message{topic, "gone", qos::at_least_once, false, {}};
        one->arrive();
        return one;
    };
    const auto in_order = leaver("will/order");
    in_order->leave();
    auto dying = leaver("will/death");
    dying.reset();
    ASSERT_TRUE(scene.until([&] { return !reader.messages.empty(); }));
    scene.pass(100ms);
    ASSERT_EQ(reader.messages.size(), 1u);
    EXPECT_EQ(reader.messages[0].topic, "will/death");
    EXPECT_EQ(reader.messages[0].payload, "gone");
}

TEST_P(exchange, finds_its_session_again) {
    actor first(scene), writer(scene);
    on_broker(first).how.client_id = "durable";
    first.how.clean_start = false;
    first.how.session_expiry_s = 3600;
    first.arrive();
    EXPECT_FALSE(first.session_present);
    first.join("s", qos::exactly_once);
    first.leave();
    on_broker(writer).arrive();
    ASSERT_TRUE(writer.self.publish("s", "while away", qos::exactly_once));
    ASSERT_TRUE(scene.until([&] { return writer.drained > 0; }));
    first.arrive();
    ASSERT_TRUE(scene.until([&] { return first.messages.size() == 1; }));
    EXPECT_EQ(first.messages[0].payload, "while away");
    // 3.1 has no such flag in CONNACK.
    EXPECT_EQ(first.session_present, std::get<0>(GetParam()) != version::v3_1);
}

TEST_P(exchange, tells_a_disconnect_that_was_asked_for_once_and_not_inside_the_call) {
    actor one(scene);
    on_broker(one).arrive();
    one.self.disconnect();
    EXPECT_TRUE(one.endings.empty());
    one.self.disconnect();
    ASSERT_TRUE(scene.until([&] { return one.self.is_idle(); }));
    scene.pass(50ms);
    ASSERT_EQ(one.endings.size(), 1u);
    EXPECT_EQ(one.endings[0].what, ending::cause::asked);
    EXPECT_EQ(one.endings[0].again_in, 0ns);
}

TEST_P(exchange, acknowledges_a_message_in_whose_callback_it_leaves) {
    actor reader(scene), writer(scene);
    on_broker(reader).how.client_id = "once";
    reader.how.clean_start = false;
    reader.how.session_expiry_s = 3600;
    reader.arrive();
    reader.join("o", qos::at_least_once);
    reader.leave();
    auto events = reader.events();
    events.on_message = [&](const mqtt::publish&) {
        reader.messages.push_back({});
        reader.self.disconnect();
    };
    ASSERT_TRUE(reader.self.connect(reader.how, events).has_value());
    on_broker(writer).arrive();
    ASSERT_TRUE(writer.self.publish("o", "x", qos::at_least_once));
    ASSERT_TRUE(scene.until([&] { return reader.self.is_idle() && reader.messages.size() == 1; }));
    reader.arrive();
    scene.pass(150ms);
    EXPECT_EQ(reader.messages.size(), 1u) << "the server sent it again";
}

std::string name_of(const testing::TestParamInfo<exchange::ParamType>& of) {
    const auto [v, which] = of.param;
    const std::string spoken = v == version::v5 ? "v5" : v == version::v3_1_1 ? "v3_1_1" : "v3_1";
    return spoken + (which == make::mosquitto        ? "_mosquitto"
                     : which == make::nightjar_epoll ? "_nightjar_epoll"
                                                     : "_nightjar_uring");
}

INSTANTIATE_TEST_SUITE_P(
    in, exchange,
    testing::Combine(testing::Values(version::v3_1, version::v3_1_1, version::v5),
                     testing::Values(make::mosquitto, make::nightjar_epoll, make::nightjar_uring)),
    name_of);

}  // namespace
}  // namespace nightjar::client::test
