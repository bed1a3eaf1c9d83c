// What a client does beyond carrying messages: fail-over, limits of time, late acknowledgements,
// aliases, responses, authentication.
#include "fake_server.hpp"
#include "mosquitto.hpp"
#include "stage.hpp"

namespace nightjar::client::test {
namespace {

using mqtt::property_id;
using mqtt::qos;

class feature : public testing::Test {
protected:
    void place(actor& who, std::uint16_t port) {
        who.how.host = "127.0.0.1";
        who.how.port = port;
        who.how.again = {.is_on = true, .first = 10ms, .longest = 50ms, .seed = 7};
    }
    mqtt::publish message(std::string_view topic, std::string_view payload, qos level) {
        mqtt::publish p;
        p.topic = topic;
        p.payload = as_bytes(payload);
        p.level = level;
        return p;
    }
    stage scene;
};

TEST_F(feature, goes_to_the_next_broker_where_one_cannot_be_had) {
    fake_server server(scene);
    actor one(scene);
    place(one, 1);
    one.how.again.first = 60s;  // not waited for between brokers
    one.how.again.longest = 60s;
    one.how.others = {{"127.0.0.1", 1}, {"127.0.0.1", server.port()}};
    one.begin();
    ASSERT_TRUE(scene.until([&] { return one.connections == 1; }, 5s));
    EXPECT_EQ(one.self.server().port, server.port());
    EXPECT_EQ(one.endings.size(), 2u);
}

TEST_F(feature, waits_when_a_whole_round_of_brokers_failed) {
    actor one(scene);
    place(one, 1);
    one.how.others = {{"127.0.0.1", 1}};
    one.begin();
    ASSERT_TRUE(scene.until([&] { return one.endings.size() == 4; }));
    EXPECT_LE(one.endings[0].again_in, 1ms);
    EXPECT_GE(one.endings[1].again_in, 5ms);
    EXPECT_LE(one.endings[2].again_in, 1ms);
    EXPECT_GE(one.endings[3].again_in, 10ms);
}

TEST_F(feature, tells_the_servers_words_and_where_it_sends_its_clients) {
    fake_server server(scene);
    property_list props;
    props.add(property_id::reason_string, "full").add(property_id::server_reference, "other:1");
    server.answer = [&](const mqtt::packet&) {
        server.say(mqtt::connack{false, mqtt::reason::use_another_server, props.view()});
        server.cut();
    };
    actor one(scene);
    place(one, server.port());
    one.begin();
    ASSERT_TRUE(scene.until([&] { return one.self.is_idle(); }));
    EXPECT_EQ(one.endings[0].code, mqtt::reason::use_another_server);
    EXPECT_EQ(one.endings[0].reason_string(), "full");
    EXPECT_EQ(one.endings[0].server_reference(), "other:1");
    EXPECT_NE(describe(one.endings[0]).find("(full)"), std::string::npos);
}

TEST_F(feature, tells_the_reason_string_of_an_acknowledgement) {
    fake_server server(scene);
    property_list props;
    props.add(property_id::reason_string, "no room").add("key", "value");
    server.answer = [&](const mqtt::packet& p) {
        if (std::holds_alternative<mqtt::connect>(p)) server.say(server.welcome);
        if (const auto* m = std::get_if<mqtt::publish>(&p))
            server.say(mqtt::puback{m->id, mqtt::reason::quota_exceeded, props.view()});
    };
    actor one(scene);
    place(one, server.port());
    std::string said;
    auto events = one.events();
    events.on_acknowledged = [&](ticket, const acknowledgement& p) {
        EXPECT_EQ(p.code, mqtt::reason::quota_exceeded);
        said = p.props.text(property_id::reason_string).value_or("");
    };
    ASSERT_TRUE(one.self.connect(one.how, events).has_value());
    ASSERT_TRUE(one.self.publish("t", "x", qos::at_least_once));
    ASSERT_TRUE(scene.until([&] { return !said.empty(); }));
    EXPECT_EQ(said, "no room");
}

TEST_F(feature, lets_go_of_what_takes_too_long) {
    fake_server server(scene);  // acknowledges nothing
    actor one(scene);
    place(one, server.port());
    const auto queued = one.self.publish(message("t", "x", qos::at_least_once), 50ms);
    const mqtt::subscription all{.filter = "#"};
    one.begin();
    const auto asked = one.self.subscribe(std::span(&all, 1), {}, 60ms);
    ASSERT_TRUE(queued && asked);
    ASSERT_TRUE(scene.until([&] { return one.dropped.size() == 2; }));
    EXPECT_EQ(one.dropped[0], std::pair(*queued, error(error::timed_out)));
    EXPECT_EQ(one.dropped[1], std::pair(*asked, error(error::timed_out)));
    EXPECT_EQ(one.self.in_flight(), 1u) << "the standard wants the flight ended";
}

TEST_F(feature, tells_nothing_more_of_what_was_cancelled) {
    mosquitto broker;
    actor one(scene);
    place(one, broker.port());
    const auto unsent = one.self.publish("t", "x", qos::at_least_once);
    EXPECT_TRUE(one.self.cancel(*unsent));
    EXPECT_FALSE(one.self.cancel(*unsent));
    EXPECT_EQ(one.self.queued(), 0u);
    one.arrive();
    const auto sent = one.self.publish("t", "y", qos::exactly_once);
    const auto asked = one.self.subscribe("#");
    EXPECT_TRUE(one.self.cancel(*sent));
    EXPECT_TRUE(one.self.cancel(*asked));
    ASSERT_TRUE(scene.until([&] { return one.self.is_drained(); }));
    scene.pass(50ms);
    EXPECT_TRUE(one.acknowledged.empty());
    EXPECT_TRUE(one.granted.empty());
    EXPECT_TRUE(one.dropped.empty());
}

TEST_F(feature, drops_what_expires_in_the_queue_and_counts_down_the_rest) {
    fake_server server(scene);
    std::vector<std::uint32_t> left;
    server.answer = [&](const mqtt::packet& p) {
        if (std::holds_alternative<mqtt::connect>(p)) server.say(server.welcome);
        if (const auto* m = std::get_if<mqtt::publish>(&p))
            left.push_back(m->props.number(property_id::message_expiry_interval).value_or(0));
    };
    actor one(scene);
    place(one, server.port());
    mqtt::publish what = message("t", "x", qos::at_most_once);
    property_list shortly, longer;
    shortly.add(property_id::message_expiry_interval, 1);
    longer.add("a", "b").add(property_id::message_expiry_interval, 100);
    what.props = shortly.view();
    const auto first = one.self.publish(what);
    what.props = longer.view();
    ASSERT_TRUE(first && one.self.publish(what));
    scene.pass(1100ms);
    one.arrive();
    ASSERT_TRUE(scene.until([&] { return !left.empty() && !one.dropped.empty(); }));
    EXPECT_EQ(left, std::vector<std::uint32_t>{99});
    EXPECT_EQ(one.dropped[0], std::pair(*first, error(error::timed_out)));
}

// [MQTT5 4.6.0-2] [MQTT5 4.6.0-3]
TEST_F(feature, acknowledges_when_told_to_and_in_the_order_of_coming) {
    fake_server server(scene);
    std::vector<mqtt::packet_id> acknowledged;
    server.answer = [&](const mqtt::packet& p) {
        if (const auto* a = std::get_if<mqtt::puback>(&p)) acknowledged.push_back(a->id);
        if (const auto* a = std::get_if<mqtt::pubrec>(&p)) acknowledged.push_back(a->id);
        if (!std::holds_alternative<mqtt::connect>(p)) return;
        server.say(server.welcome);
        for (mqtt::packet_id id = 7; id != 10; ++id) {
            auto m = message("t", "x", id == 8 ? qos::exactly_once : qos::at_least_once);
            m.id = id;
            server.say(m);
        }
    };
    actor one(scene);
    place(one, server.port());
    std::vector<receipt> names;
    auto events = one.events();
    events.on_delivery = [&](const mqtt::publish&, receipt name) { names.push_back(name); };
    ASSERT_TRUE(one.self.connect(one.how, events).has_value());
    ASSERT_TRUE(scene.until([&] { return names.size() == 3; }));
    EXPECT_TRUE(one.self.acknowledge(names[2]).has_value());
    EXPECT_TRUE(one.self.acknowledge(names[1]).has_value());
    scene.pass(30ms);
    EXPECT_TRUE(acknowledged.empty());
    EXPECT_EQ(one.self.unacknowledged(), 3u);
    EXPECT_TRUE(one.self.acknowledge(names[0]).has_value());
    EXPECT_EQ(one.self.acknowledge(names[0]).error(), error::invalid);
    ASSERT_TRUE(scene.until([&] { return acknowledged.size() == 3; }));
    EXPECT_EQ(acknowledged, (std::vector<mqtt::packet_id>{7, 8, 9}));
}

// [MQTT5 4.5.0-2] [MQTT311 4.5.0-2]
TEST_F(feature, acknowledges_what_nobody_asked_for) {
    fake_server server(scene);
    int acknowledged = 0;
    server.answer = [&](const mqtt::packet& p) {
        acknowledged += std::holds_alternative<mqtt::puback>(p);
        acknowledged += std::holds_alternative<mqtt::pubrec>(p);
        if (!std::holds_alternative<mqtt::connect>(p)) return;
        server.say(server.welcome);
        for (const auto level : {qos::at_least_once, qos::exactly_once}) {
            auto m = message("not/subscribed", "x", level);
            m.id = level == qos::at_least_once ? 3 : 4;
            server.say(m);
        }
    };
    actor one(scene);
    place(one, server.port());
    ASSERT_TRUE(one.self.connect(one.how, {}).has_value());
    EXPECT_TRUE(scene.until([&] { return acknowledged == 2; }));
}

TEST_F(feature, delivers_qos_2_once_though_it_is_acknowledged_late) {
    fake_server server(scene);
    int recs = 0;
    server.answer = [&](const mqtt::packet& p) {
        if (std::holds_alternative<mqtt::pubrec>(p)) ++recs;
        if (!std::holds_alternative<mqtt::connect>(p)) return;
        server.welcome.session_present = server.accepted > 1;
        server.say(server.welcome);
        auto m = message("t", "x", qos::exactly_once);
        m.id = 5;
        m.dup = server.accepted > 1;
        server.say(m);
    };
    actor one(scene);
    place(one, server.port());
    one.how.clean_start = false;
    one.how.session_expiry_s = 100;
    std::vector<receipt> names;
    auto events = one.events();
    events.on_delivery = [&](const mqtt::publish&, receipt name) { names.push_back(name); };
    ASSERT_TRUE(one.self.connect(one.how, events).has_value());
    ASSERT_TRUE(scene.until([&] { return names.size() == 1; }));
    server.cut();
    ASSERT_TRUE(scene.until([&] { return one.connections == 2; }));
    scene.pass(30ms);
    EXPECT_EQ(names.size(), 1u) << "delivered again";
    EXPECT_EQ(recs, 0) << "acknowledged before the application said so";
    EXPECT_TRUE(one.self.acknowledge(names[0]).has_value());
    EXPECT_TRUE(scene.until([&] { return recs == 1; }));
}

// [MQTT5 3.3.2-9] [MQTT5 3.2.2-17]
TEST_F(feature, makes_aliases_within_the_servers_maximum) {
    mosquitto broker("max_topic_alias 10\n");
    actor reader(scene), writer(scene);
    place(reader, broker.port());
    reader.how.topic_alias_maximum = 5;
    reader.arrive();
    reader.join("a/#", qos::at_least_once);
    place(writer, broker.port());
    writer.how.own_topic_aliases_max = 2;
    std::size_t sent = 0;
    auto events = writer.events();
    events.on_bytes_sent = [&](bytes_view part) { sent += part.size(); };
    ASSERT_TRUE(writer.self.connect(writer.how, events).has_value());
    ASSERT_TRUE(scene.until([&] { return writer.connections == 1; }));
    const std::string long_topic = "a/" + std::string(200, 'x');
    sent = 0;
    for (int i = 0; i != 30; ++i)
        for (const std::string& topic : {long_topic, long_topic + "y", std::string("a/third")})
            ASSERT_TRUE(writer.self.publish(topic, std::to_string(i), qos::at_least_once));
    ASSERT_TRUE(scene.until([&] { return reader.messages.size() == 90; }));
    for (std::size_t i = 0; i != 90; i += 3) {
        EXPECT_EQ(reader.messages[i].topic, long_topic);
        EXPECT_EQ(reader.messages[i + 1].topic, long_topic + "y");
        EXPECT_EQ(reader.messages[i + 2].topic, "a/third");
    }
    EXPECT_LT(sent, 2000u) << "each long topic once";
    mqtt::publish own = message("a/b", "x", qos::at_most_once);
    property_list alias;
    alias.add(property_id::topic_alias, 1);
    own.props = alias.view();
    EXPECT_EQ(writer.self.publish(own).error(), error::invalid);
}

// [MQTT5 3.2.2-17]
TEST_F(feature, gives_aliases_to_the_first_topics_only) {
    fake_server server(scene);
    property_list allowed;
    allowed.add(property_id::topic_alias_maximum, 2);
    server.welcome.props = allowed.view();
    std::vector<std::pair<std::string, std::uint32_t>> seen;
    server.answer = [&](const mqtt::packet& p) {
        if (std::holds_alternative<mqtt::connect>(p)) server.say(server.welcome);
        if (const auto* m = std::get_if<mqtt::publish>(&p))
            seen.emplace_back(m->topic, m->props.number(property_id::topic_alias).value_or(0));
    };
    actor one(scene);
    place(one, server.port());
    one.how.own_topic_aliases_max = 10;
    one.arrive();
    for (int i = 0; i != 2; ++i)
        for (const char* topic : {"first", "second", "third", "4th"})
            ASSERT_TRUE(one.self.publish(topic, "x"));
    ASSERT_TRUE(scene.until([&] { return seen.size() == 8; }));
    const decltype(seen) wanted = {{"first", 1}, {"second", 2}, {"third", 0}, {"4th", 0},
                                   {"", 1},      {"", 2},       {"third", 0}, {"4th", 0}};
    EXPECT_EQ(seen, wanted);
}

TEST_F(feature, waits_for_responses) {
    mosquitto broker;
    actor asker(scene), other(scene);
    place(asker, broker.port());
    place(other, broker.port());
    auto events = other.events();
    events.on_message = [&](const mqtt::publish& p) {
        ASSERT_TRUE(
            other.self.respond(p, "to " + std::string(as_text(p.payload)), qos::at_least_once));
    };
    ASSERT_TRUE(other.self.connect(other.how, events).has_value());
    other.join("ask", qos::at_least_once);
    std::vector<std::string> answers;
    const auto note = [&](result<mqtt::publish> p) {
        answers.emplace_back(p ? as_text(p->payload) : describe(p.error().what));
    };
    // Before there is a connection, and after.
    ASSERT_TRUE(asker.self.request(message("ask", "one", qos::at_least_once), 10s, note));
    asker.arrive();
    ASSERT_TRUE(scene.until([&] { return answers.size() == 1; }));
    ASSERT_TRUE(asker.self.request(message("ask", "two", qos::at_least_once), 10s, note));
    ASSERT_TRUE(scene.until([&] { return answers.size() == 2; }));
    ASSERT_TRUE(asker.self.request(message("nobody", "x", qos::at_most_once), 50ms, note));
    ASSERT_TRUE(scene.until([&] { return answers.size() == 3; }));
    EXPECT_EQ(answers[0], "to one");
    EXPECT_EQ(answers[1], "to two");
    EXPECT_EQ(answers[2], describe(error::timed_out));
    EXPECT_TRUE(asker.messages.empty()) << "responses are no messages of the application's";
    EXPECT_TRUE(asker.granted.empty());
    EXPECT_EQ(asker.self.request(message("ask", "x", qos::at_most_once), 0s, note).error(),
              error::invalid);
}

// [MQTT5 4.12.0-3] [MQTT5 4.12.1-1]
TEST_F(feature, authenticates_with_the_method_of_connect_only) {
    fake_server server(scene);
    property_list method, other, none;
    method.add(property_id::authentication_method, "M");
    other.add(property_id::authentication_method, "N");
    std::vector<mqtt::reason> said;
    server.answer = [&](const mqtt::packet& p) {
        if (const auto* a = std::get_if<mqtt::auth>(&p)) {
            said.push_back(a->code);
            EXPECT_EQ(a->props.text(property_id::authentication_method), "M");
            if (said.size() == 1) server.say(mqtt::connack{false, {}, method.view()});
        } else if (std::holds_alternative<mqtt::connect>(p)) {
            server.say(mqtt::auth{mqtt::reason::continue_authentication, method.view()});
        }
    };
    actor one(scene);
    place(one, server.port());
    one.how.properties = method.raw();
    auto events = one.events();
    events.on_auth = [&](const mqtt::auth& p) {
        const auto go_on = mqtt::reason::continue_authentication;
        EXPECT_EQ(one.self.authenticate({go_on, other.view()}).error(), error::invalid);
        EXPECT_EQ(one.self.authenticate({go_on, none.view()}).error(), error::invalid);
        EXPECT_EQ(one.self.authenticate({mqtt::reason::success, method.view()}).error(),
                  error::invalid);
        EXPECT_TRUE(one.self.authenticate({p.code, method.view()}).has_value());
    };
    ASSERT_TRUE(one.self.connect(one.how, events).has_value());
    ASSERT_TRUE(scene.until([&] { return one.connections == 1; }));
    const auto anew = mqtt::reason::re_authenticate;
    EXPECT_EQ(one.self.authenticate({anew, other.view()}).error(), error::invalid);
    EXPECT_TRUE(one.self.authenticate({anew, method.view()}).has_value());
    ASSERT_TRUE(scene.until([&] { return said.size() == 2; }));
    EXPECT_EQ(said[0], mqtt::reason::continue_authentication);
    EXPECT_EQ(said[1], anew);
}

// [MQTT311 3.1.3-7]
TEST_F(feature, needs_a_name_for_a_session_that_3_1_1_keeps) {
    actor one(scene);
    one.how.version = mqtt::version::v3_1_1;
    one.how.clean_start = false;
    EXPECT_EQ(one.self.connect(one.how, {}).error(), error::invalid);
}

TEST_F(feature, has_limits_for_what_waits) {
    actor one(scene);
    place(one, 1);
    one.how.queue.requests_max = 2;
    one.how.queue.responses_max = 1;
    one.begin();
    EXPECT_TRUE(one.self.subscribe("a").has_value());
    EXPECT_TRUE(one.self.unsubscribe("b").has_value());
    EXPECT_EQ(one.self.subscribe("c").error(), error::no_room);
    const auto none = [](result<mqtt::publish>) {};
    EXPECT_TRUE(one.self.request(message("q", "", qos::at_most_once), 1s, none).has_value());
    EXPECT_EQ(one.self.request(message("q", "", qos::at_most_once), 1s, none).error(),
              error::no_room);
}

}  // namespace
}  // namespace nightjar::client::test
