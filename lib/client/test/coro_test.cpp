// The client for coroutines.
#include <nightjar/client/coro.hpp>

#include "fake_server.hpp"
#include "mosquitto.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::qos;

options at(std::uint16_t port) {
    options how;
    how.host = "127.0.0.1";
    how.port = port;
    how.again.is_on = false;
    return how;
}

io::task<> send_and_receive(io::loop& on, std::uint16_t port, int& got, bool& is_done) {
    co_client c(on);
    const auto there = co_await c.connect(at(port));
    EXPECT_TRUE(there.has_value());
    const auto granted = co_await c.subscribe("a/#", qos::exactly_once);
    EXPECT_TRUE(granted && *granted == mqtt::reason::granted_qos_2);
    for (const auto level : {qos::at_most_once, qos::at_least_once, qos::exactly_once}) {
        const auto sent = co_await c.publish("a/b", "x", level);
        EXPECT_TRUE(sent && !mqtt::is_failure(*sent));
    }
    for (; got != 3; ++got) {
        const auto one = co_await c.receive();
        EXPECT_TRUE(one && one->topic == "a/b" && one->payload == "x");
    }
    patience soon;
    soon.within = 20ms;
    const auto nothing = co_await c.receive(soon);
    EXPECT_TRUE(!nothing && nothing.error() == error::timed_out);
    const auto left = co_await c.unsubscribe("a/#");
    EXPECT_TRUE(left.has_value());
    const ending end = co_await c.disconnect();
    EXPECT_EQ(end.what, ending::cause::asked);
    const auto over = co_await c.receive();
    EXPECT_TRUE(!over && over.error() == error::end_of_stream);
    is_done = true;
}

TEST(coroutine, sends_and_receives) {
    stage scene;
    mosquitto broker;
    int got = 0;
    bool is_done = false;
    send_and_receive(scene.loop, broker.port(), got, is_done);
    EXPECT_TRUE(scene.until([&] { return is_done; })) << got;
}

io::task<> answer_all(io::loop& on, std::uint16_t port, bool& is_ready) {
    co_client c(on);
    const auto there = co_await c.connect(at(port));
    EXPECT_TRUE(there.has_value());
    const auto granted = co_await c.subscribe("ask", qos::at_least_once);
    EXPECT_TRUE(granted.has_value());
    is_ready = true;
    const auto question = co_await c.receive();
    EXPECT_TRUE(question && c.respond(*question, "yes"));
    const auto nothing = co_await c.receive();  // until the broker goes
    EXPECT_FALSE(nothing.has_value());
    is_ready = false;
}

io::task<> ask(io::loop& on, std::uint16_t port, std::string& answer) {
    co_client c(on);
    const auto there = co_await c.connect(at(port));
    EXPECT_TRUE(there.has_value());
    mqtt::publish question;
    question.topic = "ask";
    question.level = qos::at_least_once;
    patience limit;
    limit.within = 10s;
    const auto said = co_await c.request(question, limit);
    answer = said ? said->payload : "none";
}

TEST(coroutine, asks_and_answers) {
    stage scene;
    mosquitto broker;
    bool is_ready = false;
    std::string answer;
    answer_all(scene.loop, broker.port(), is_ready);
    ASSERT_TRUE(scene.until([&] { return is_ready; }));
    ask(scene.loop, broker.port(), answer);
    EXPECT_TRUE(scene.until([&] { return !answer.empty(); }));
    EXPECT_EQ(answer, "yes");
    broker.stop();
    EXPECT_TRUE(scene.until([&] { return !is_ready; }));
}

io::task<> wait_for_nothing(co_client& c, std::stop_token stop, error& why, int& ended) {
    patience until;
    until.stop = stop;
    const auto got = co_await c.receive(until);
    why = got ? error() : got.error();
    ++ended;
}

TEST(coroutine, lets_go_when_told_to_and_when_the_client_goes) {
    stage scene;
    fake_server server(scene);
    auto c = std::make_unique<co_client>(scene.loop);
    const auto dialing = c->connect(at(server.port()));
    ASSERT_TRUE(scene.until([&] { return c->plain().is_connected(); }));
    std::stop_source source;
    error first, second;
    int ended = 0;
    wait_for_nothing(*c, source.get_token(), first, ended);
    wait_for_nothing(*c, {}, second, ended);
    EXPECT_EQ(ended, 0);
    source.request_stop();
    ASSERT_TRUE(scene.until([&] { return ended == 1; }));
    EXPECT_EQ(first, error::cancelled);
    c.reset();
    ASSERT_TRUE(scene.until([&] { return ended == 2; }));
    EXPECT_EQ(second, error::cancelled);
}

io::task<> fail_to_connect(io::loop& on, ending& why, bool& is_done) {
    co_client c(on);
    const auto there = co_await c.connect(at(1));
    if (!there) why = there.error();
    is_done = true;
}

TEST(coroutine, tells_why_there_is_no_connection) {
    stage scene;
    ending why;
    bool is_done = false;
    fail_to_connect(scene.loop, why, is_done);
    ASSERT_TRUE(scene.until([&] { return is_done; }));
    EXPECT_EQ(why.what, ending::cause::unreachable);
    EXPECT_EQ(why.why, error::refused);
}

io::task<> receive_one(co_client& c, std::string& payload) {
    const auto one = co_await c.receive();
    payload = one ? one->payload : "none";
}

TEST(coroutine, acknowledges_what_it_receives_and_nothing_before) {
    stage scene;
    fake_server server(scene);
    int acknowledged = 0;
    server.answer = [&](const mqtt::packet& p) {
        acknowledged += std::holds_alternative<mqtt::puback>(p);
        if (!std::holds_alternative<mqtt::connect>(p)) return;
        server.say(server.welcome);
        mqtt::publish m;
        m.topic = "t";
        m.payload = as_bytes(std::string_view("x"));
        m.level = qos::at_least_once;
        m.id = 1;
        server.say(m);
    };
    co_client c(scene.loop);
    const auto dialing = c.connect(at(server.port()));
    ASSERT_TRUE(scene.until([&] { return c.plain().unacknowledged() == 1; }));
    scene.pass(20ms);
    EXPECT_EQ(acknowledged, 0);
    std::string payload;
    receive_one(c, payload);
    EXPECT_EQ(payload, "x");
    EXPECT_TRUE(scene.until([&] { return acknowledged == 1; }));
}

TEST(coroutine, keeps_no_more_qos_0_than_its_inbox_holds) {
    stage scene;
    mosquitto broker;
    co_client c(scene.loop, 3);
    const auto dialing = c.connect(at(broker.port()));
    const auto asked = c.subscribe("t");
    for (int i = 0; i != 10; ++i) static_cast<void>(c.publish("t", "x"));
    EXPECT_TRUE(scene.until([&] { return c.dropped() == 7; }));
}

}  // namespace
}  // namespace nightjar::client::test
