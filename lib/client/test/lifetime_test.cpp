// A client may go at any time, in each of its callbacks too.
#include "fake_server.hpp"
#include "stage.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::qos;

class lifetime : public testing::Test {
protected:
    /// A server that sends a message, and acknowledges what it is asked.
    void be_helpful() {
        server.answer = [this](const mqtt::packet& p) {
            static constexpr byte granted = 1;
            if (std::holds_alternative<mqtt::connect>(p)) {
                server.say(server.welcome);
                mqtt::publish m;
                m.topic = "t";
                m.level = qos::at_least_once;
                m.id = 1;
                server.say(m);
            }
            if (const auto* m = std::get_if<mqtt::publish>(&p)) server.say(mqtt::puback{m->id});
            if (const auto* m = std::get_if<mqtt::subscribe>(&p))
                server.say(mqtt::suback{m->id, {&granted, 1}, {}});
        };
    }
    /// Destroys the client in the callback that `plant` fills in.
    template <class Plant>
    void dies_in(Plant plant) {
        be_helpful();
        auto one = std::make_unique<client>(scene.loop);
        options how;
        how.host = "127.0.0.1";
        how.port = server.port();
        how.again.is_on = false;
        int calls = 0;
        callbacks who;
        plant(who, [&](auto&&...) {
            ++calls;
            one.reset();
        });
        ASSERT_TRUE(one->connect(how, who).has_value());
        ASSERT_TRUE(one->publish("a", "x", qos::at_least_once));
        ASSERT_TRUE(one->subscribe("b").has_value());
        ASSERT_TRUE(scene.until([&] { return calls == 1; }));
        EXPECT_EQ(one, nullptr);
        ASSERT_TRUE(scene.until([&] { return !server.has_peer(); }));
        EXPECT_EQ(calls, 1);
    }
    stage scene;
    fake_server server{scene};
};

TEST_F(lifetime, ends_in_on_connected) {
    dies_in([](callbacks& who, auto die) { who.on_connected = die; });
}
TEST_F(lifetime, ends_in_on_message) {
    dies_in([](callbacks& who, auto die) { who.on_message = die; });
}
TEST_F(lifetime, ends_in_on_delivery) {
    dies_in([](callbacks& who, auto die) { who.on_delivery = die; });
}
TEST_F(lifetime, ends_in_on_acknowledged) {
    dies_in([](callbacks& who, auto die) { who.on_acknowledged = die; });
}
TEST_F(lifetime, ends_in_on_subscribed) {
    dies_in([](callbacks& who, auto die) { who.on_subscribed = die; });
}
TEST_F(lifetime, ends_in_on_drained) {
    dies_in([](callbacks& who, auto die) { who.on_drained = die; });
}
TEST_F(lifetime, ends_in_on_bytes_sent) {
    dies_in([](callbacks& who, auto die) { who.on_bytes_sent = die; });
}
TEST_F(lifetime, ends_in_on_bytes_received) {
    dies_in([](callbacks& who, auto die) { who.on_bytes_received = die; });
}

TEST_F(lifetime, ends_in_on_disconnected) {
    auto one = std::make_unique<client>(scene.loop);
    options how;
    how.host = "127.0.0.1";
    how.port = 1;
    callbacks who;
    who.on_disconnected = [&](const ending&) { one.reset(); };
    ASSERT_TRUE(one->connect(how, who).has_value());
    ASSERT_TRUE(scene.until([&] { return one == nullptr; }));
    scene.pass(20ms);
}

TEST_F(lifetime, ends_in_on_dropped_inside_a_call) {
    auto one = std::make_unique<client>(scene.loop);
    options how;
    how.host = "127.0.0.1";
    how.port = 1;
    how.queue.messages_max = 1;
    how.queue.policy = when_full::drop_oldest;
    callbacks who;
    who.on_dropped = [&](ticket, error) { one.reset(); };
    ASSERT_TRUE(one->connect(how, who).has_value());
    ASSERT_TRUE(one->publish("a", "1"));
    static_cast<void>(one->publish("a", "2"));
    EXPECT_EQ(one, nullptr);
}

TEST_F(lifetime, ends_while_it_dials_waits_and_is_connected) {
    options how;
    how.host = "127.0.0.1";
    how.port = server.port();
    for (const duration after : {0ms, 1ms, 3ms, 30ms}) {
        client one(scene.loop);
        ASSERT_TRUE(one.connect(how, {}).has_value());
        scene.pass(after);
    }
    how.port = 1;
    client waiting(scene.loop);
    ASSERT_TRUE(waiting.connect(how, {}).has_value());
    scene.pass(20ms);
}

}  // namespace
}  // namespace nightjar::client::test
