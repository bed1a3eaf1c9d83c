#include <nightjar/mqtt/client_session.hpp>

#include "session_support.hpp"

namespace nightjar::mqtt::testing {
namespace {

using event = client_session::event;

template <class Event>
const Event& as(const event& e) {
    const auto* found = std::get_if<Event>(&e);
    if (!found) ADD_FAILURE() << "another event: " << e.index();
    static const Event none{};
    return found ? *found : none;
}
bool is_idle(const event& e) { return std::holds_alternative<client_session::idle>(e); }
bool is_closed(const event& e, reason code) {
    const auto* found = std::get_if<client_session::closed>(&e);
    return found && found->code == code;
}

/// A client with what it borrows; `reconnect()` begins a new connection with the same flows.
class client {
public:
    explicit client(version v, const client_policy& with = {}) : policy(with), v_(v) {
        reconnect();
    }

    void reconnect() {
        out.clear();
        session.emplace(policy, out, kept.state);
    }
    void say_hello(bool clean_start = true, std::uint16_t keep_alive_s = 0, properties props = {}) {
        connect p = hello(v_);
        p.clean_start = clean_start;
        p.keep_alive_s = keep_alive_s;
        p.props = props;
        ASSERT_TRUE(session->connect(p, !clean_start, now).has_value());
        out.clear();
    }
    event hear(const packet& p) {
        heard_.push_back(wire(p, v_));
        bytes_view in = heard_.back();
        return session->next(in, now);
    }
    std::vector<packet> said() {
        const bytes_view written = out.written();
        said_.emplace_back(written.begin(), written.end());
        out.clear();
        return packets_in(said_.back(), v_);
    }
    /// Connected, with this list in CONNACK.
    void be_connected(properties props = {}, bool has_session = false) {
        say_hello(!has_session);
        const auto e = hear(connack{has_session, {}, props});
        ASSERT_TRUE(std::holds_alternative<client_session::connected>(e));
    }

    client_policy policy;
    instant now{1000s};
    kept_flows<8> kept;

private:
    version v_;
    storage room_ = storage(70'000);
    std::deque<storage> heard_, said_;

public:
    fixed_output out{room_};
    std::optional<client_session> session;
};

/// A property list that lives as long as this.
class list {
public:
    list& add(property_id id, std::uint32_t number) {
        std::array<byte, 8> room;
        property_writer one{room};
        const bytes_view made = one.add(id, number).made().raw();
        raw_.insert(raw_.end(), made.begin(), made.end());
        return *this;
    }
    operator properties() const { return properties{raw_}; }

private:
    storage raw_;
};

class client_session_flow : public ::testing::TestWithParam<version> {
protected:
    bool is_5() const { return GetParam() == version::v5; }
    client at{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(all, client_session_flow,
                         ::testing::Values(version::v3_1, version::v3_1_1, version::v5),
                         version_name);

TEST_P(client_session_flow, sends_nothing_but_connect_before_connack) {
    connect p = hello(GetParam(), "me");
    ASSERT_TRUE(at.session->connect(p, false, at.now).has_value());
    EXPECT_EQ(only<connect>(at.said()).client_id, "me");
    EXPECT_EQ(at.session->publish(message(qos::at_most_once), 0).error(), error::no_room);
    EXPECT_TRUE(std::holds_alternative<client_session::connected>(at.hear(connack{})));
    EXPECT_TRUE(at.session->publish(message(qos::at_most_once), 0).has_value());
}

TEST_P(client_session_flow, reads_nothing_else_before_connack) {
    at.say_hello();
    EXPECT_TRUE(is_closed(at.hear(pingresp{}), reason::protocol_error));
    EXPECT_TRUE(at.said().empty());
}

TEST_P(client_session_flow, refused_is_the_end) {
    at.say_hello();
    const auto e = at.hear(connack{false, reason::not_authorized, {}});
    EXPECT_EQ(as<client_session::refused>(e).answer.code, reason::not_authorized);
    EXPECT_TRUE(is_closed(at.hear(pingresp{}), reason::not_authorized));
}

TEST_P(client_session_flow, waits_for_connack_no_longer_than_it_was_told) {
    at.say_hello();
    EXPECT_EQ(at.session->deadline(), at.now + 30s);
    EXPECT_TRUE(is_closed(at.session->tick(at.now + 30s), reason::server_unavailable));
}

// [MQTT5 3.2.2-4]
TEST(client_session_state, that_only_the_server_has_closes) {
    client at{version::v5};
    at.say_hello(true);
    EXPECT_TRUE(is_closed(at.hear(connack{true, {}, {}}), reason::protocol_error));
}

// [MQTT5 4.3.1-1] [MQTT5 4.3.2-2] [MQTT5 4.3.2-3] [MQTT5 2.2.1-3] [MQTT5 4.3.3-2] [MQTT5 4.3.3-4]
// [MQTT311 4.3.1-1] [MQTT311 4.3.2-1] [MQTT311 2.3.1-2]
TEST_P(client_session_flow, publishes_by_qos) {
    at.be_connected();
    EXPECT_EQ(*at.session->publish(message(qos::at_most_once), 0), 0);
    EXPECT_EQ(*at.session->publish(message(qos::at_least_once), 11), 1);
    EXPECT_EQ(*at.session->publish(message(qos::exactly_once), 22), 2);
    const auto said = at.said();
    ASSERT_EQ(said.size(), 3u);
    for (packet_id id = 0; id < 3; ++id) {
        const auto& p = std::get<publish>(said[id]);
        EXPECT_EQ(p.id, id);
        EXPECT_EQ(static_cast<int>(p.level), id);
        EXPECT_FALSE(p.dup);
    }
    EXPECT_EQ(as<client_session::released>(at.hear(puback{1, {}, {}})).message, 11u);
    EXPECT_EQ(as<client_session::released>(at.hear(pubrec{2, {}, {}})).message, 22u);
    EXPECT_EQ(only<pubrel>(at.said()).id, 2);
    EXPECT_TRUE(std::holds_alternative<client_session::completed>(at.hear(pubcomp{2, {}, {}})));
    EXPECT_TRUE(at.kept.state.sending.is_empty());
}

// [MQTT5 3.3.4-1] [MQTT5 4.3.3-10] [MQTT5 4.3.3-11] [MQTT311 4.3.3-2] [MQTT311 4.3.2-2]
TEST_P(client_session_flow, acknowledges_by_qos) {
    at.be_connected();
    EXPECT_EQ(as<publish>(at.hear(message(qos::at_least_once, 5))).id, 5);
    EXPECT_EQ(as<publish>(at.hear(message(qos::exactly_once, 6))).id, 6);
    EXPECT_TRUE(at.said().empty());
    EXPECT_TRUE(at.session->acknowledge(5, qos::at_least_once, reason::success));
    EXPECT_EQ(only<puback>(at.said()).id, 5);
    EXPECT_TRUE(at.session->acknowledge(6, qos::exactly_once, reason::success));
    EXPECT_EQ(only<pubrec>(at.said()).id, 6);
    EXPECT_EQ(as<client_session::repeated>(at.hear(message(qos::exactly_once, 6))).message.id, 6);
    EXPECT_TRUE(at.said().empty()) << "the owner may not have acknowledged the first one";
    EXPECT_TRUE(at.session->acknowledge(6, qos::exactly_once, reason::success));
    EXPECT_EQ(only<pubrec>(at.said()).id, 6);
    EXPECT_TRUE(is_idle(at.hear(pubrel{6, {}, {}})));
    EXPECT_EQ(only<pubcomp>(at.said()).id, 6);
    EXPECT_EQ(as<publish>(at.hear(message(qos::exactly_once, 6))).id, 6);
}

// [MQTT5 2.2.1-3] [MQTT311 2.3.1-2]
TEST_P(client_session_flow, requests_take_identifiers_that_no_message_has) {
    at.be_connected();
    storage room(64);
    writer out{room};
    subscription_list::put(out, {.filter = "a", .maximum = {}});
    const subscribe wish{0, subscription_list{out.written()}, {}};
    EXPECT_EQ(*at.session->publish(message(qos::at_least_once), 11), 1);
    EXPECT_EQ(*at.session->subscribe(wish, 77), 2);
    EXPECT_EQ(*at.session->publish(message(qos::at_least_once), 33), 3);
    EXPECT_EQ(at.kept.state.sending.in_flight(), 2);
    const byte granted = 0;
    EXPECT_TRUE(is_idle(at.hear(suback{1, {&granted, 1}, {}}))) << "1 is a message";
    EXPECT_EQ(as<client_session::subscribed>(at.hear(suback{2, {&granted, 1}, {}})).request, 77u);
    EXPECT_TRUE(is_idle(at.hear(suback{2, {&granted, 1}, {}})));
    writer names{room};
    filter_list::put(names, "a");
    EXPECT_EQ(*at.session->unsubscribe({0, filter_list{names.written()}, {}}, 88), 4);
    const bool has_codes = is_5();
    const unsuback done{4, has_codes ? bytes_view{&granted, 1} : bytes_view{}, {}};
    EXPECT_EQ(as<client_session::unsubscribed>(at.hear(done)).request, 88u);
}

/// The session is resumed: 1 waits for PUBACK, 2 for PUBCOMP, 3 for PUBREC.
void leave_three_in_flight(client& at) {
    at.be_connected();
    EXPECT_TRUE(at.session->publish(message(qos::at_least_once, 0, "one"), 1).has_value());
    EXPECT_TRUE(at.session->publish(message(qos::exactly_once, 0, "two"), 2).has_value());
    EXPECT_TRUE(at.session->publish(message(qos::exactly_once, 0, "three"), 3).has_value());
    at.hear(pubrec{2, {}, {}});
    at.hear(message(qos::exactly_once, 50));
    at.reconnect();
}
publish kept_message(token t) {
    return t == 1 ? message(qos::at_least_once, 0, "one") : message(qos::exactly_once, 0, "three");
}

// [MQTT5 3.3.1-1] [MQTT5 4.4.0-1] [MQTT5 4.6.0-1] [MQTT5 3.1.2-5] [MQTT5 4.3.3-6]
// [MQTT311 3.3.1-1] [MQTT311 4.4.0-1] [MQTT311 4.6.0-1] [MQTT311 2.3.1-3]
TEST_P(client_session_flow, resends_in_order_with_dup_what_the_server_still_expects) {
    leave_three_in_flight(at);
    at.be_connected({}, true);
    EXPECT_TRUE(at.session->is_resuming());
    EXPECT_EQ(at.session->publish(message(qos::at_least_once), 9).error(), error::no_room);
    ASSERT_TRUE(at.session->resume(kept_message));
    const auto said = at.said();
    ASSERT_EQ(said.size(), 3u);
    EXPECT_EQ(std::get<publish>(said[0]).id, 1);
    EXPECT_TRUE(std::get<publish>(said[0]).dup);
    EXPECT_EQ(std::get<pubrel>(said[1]).id, 2);
    EXPECT_EQ(std::get<publish>(said[2]).id, 3);
    EXPECT_TRUE(std::get<publish>(said[2]).dup);
    EXPECT_TRUE(at.session->resume(kept_message));
    EXPECT_TRUE(at.said().empty());
    EXPECT_EQ(*at.session->publish(message(qos::at_least_once), 9), 4);
    EXPECT_EQ(as<client_session::repeated>(at.hear(message(qos::exactly_once, 50))).message.id, 50);
}

// [MQTT5 3.2.2-5] [MQTT5 4.4.0-1]
TEST_P(client_session_flow, starts_again_as_new_where_the_server_has_forgotten) {
    leave_three_in_flight(at);
    at.be_connected();
    ASSERT_TRUE(at.session->resume(kept_message));
    const auto said = at.said();
    ASSERT_EQ(said.size(), 2u);
    EXPECT_FALSE(std::get<publish>(said[0]).dup);
    EXPECT_FALSE(std::get<publish>(said[1]).dup);
    EXPECT_EQ(as<publish>(at.hear(message(qos::exactly_once, 50))).id, 50) << "not known any more";
}

TEST_P(client_session_flow, or_drops_it) {
    leave_three_in_flight(at);
    at.be_connected();
    std::vector<token> dropped;
    at.session->drop([&](token t) { dropped.push_back(t); });
    EXPECT_EQ(dropped, (std::vector<token>{1, 3}));
    EXPECT_FALSE(at.session->is_resuming());
    EXPECT_TRUE(at.kept.state.sending.is_empty());
    EXPECT_TRUE(at.session->publish(message(qos::at_least_once), 9).has_value());
}

// [MQTT5 4.9.0-1] [MQTT5 3.3.4-7]
TEST(client_session_resume, keeps_within_a_receive_maximum_that_has_shrunk) {
    client at{version::v5};
    at.be_connected();
    for (token t = 1; t <= 4; ++t) ASSERT_TRUE(at.session->publish(message(qos::at_least_once), t));
    at.reconnect();
    at.be_connected(list{}.add(property_id::receive_maximum, 3), true);
    const auto text = [](token) { return message(qos::at_least_once); };
    EXPECT_FALSE(at.session->resume(text));
    EXPECT_EQ(at.said().size(), 3u);
    EXPECT_FALSE(at.session->resume(text));
    at.hear(puback{1, {}, {}});
    EXPECT_TRUE(at.session->resume(text));
    EXPECT_EQ(only<publish>(at.said()).id, 4);
}

// [MQTT5 4.9.0-2] [MQTT5 4.9.0-3] [MQTT5 3.3.4-7] [MQTT5 3.3.4-8]
TEST(client_session_limit, the_servers_receive_maximum_delays_messages_and_nothing_else) {
    client at{version::v5};
    at.be_connected(list{}.add(property_id::receive_maximum, 1));
    ASSERT_TRUE(at.session->publish(message(qos::exactly_once), 1));
    EXPECT_EQ(at.session->publish(message(qos::at_least_once), 2).error(), error::no_room);
    EXPECT_TRUE(at.session->publish(message(qos::at_most_once), 0));
    at.hear(message(qos::at_least_once, 5));
    EXPECT_TRUE(at.session->acknowledge(5, qos::at_least_once, reason::success));
    at.hear(pubrec{1, {}, {}});
    EXPECT_EQ(at.session->publish(message(qos::at_least_once), 2).error(), error::no_room);
    at.hear(pubcomp{1, {}, {}});
    EXPECT_TRUE(at.session->publish(message(qos::at_least_once), 2));
}

// [MQTT5 3.2.2-11] [MQTT5 3.2.2-14] [MQTT5 3.2.2-15] [MQTT5 3.2.2-17] [MQTT5 3.3.2-9]
TEST(client_session_limit, what_the_server_does_not_take_is_not_sent) {
    client at{version::v5};
    at.be_connected(list{}
                        .add(property_id::maximum_qos, 1)
                        .add(property_id::retain_available, 0)
                        .add(property_id::maximum_packet_size, 40)
                        .add(property_id::topic_alias_maximum, 2));
    EXPECT_EQ(at.session->publish(message(qos::exactly_once), 1).error(), error::unsupported);
    publish p = message(qos::at_most_once);
    p.retain = true;
    EXPECT_EQ(at.session->publish(p, 0).error(), error::unsupported);
    p.retain = false;
    const storage large(40, 'x');
    p.payload = large;
    EXPECT_EQ(at.session->publish(p, 0).error(), error::invalid);
    p.payload = {};
    const list third = list{}.add(property_id::topic_alias, 3),
               second = list{}.add(property_id::topic_alias, 2);
    p.props = third;
    EXPECT_EQ(at.session->publish(p, 0).error(), error::invalid);
    EXPECT_TRUE(at.said().empty());
    p.props = second;
    EXPECT_TRUE(at.session->publish(p, 0));
}

// [MQTT5 3.2.2-18]
TEST(client_session_limit, no_alias_goes_to_a_server_that_named_no_maximum) {
    client at{version::v5};
    at.be_connected();
    const list first = list{}.add(property_id::topic_alias, 1);
    publish p = message(qos::at_most_once);
    p.props = first;
    EXPECT_EQ(at.session->publish(p, 0).error(), error::invalid);
}

// [MQTT5 3.3.2-10]
TEST(client_session_limit, ours_are_held_against_the_server) {
    const list alias = list{}.add(property_id::topic_alias, 3);
    publish p = message(qos::at_most_once);
    p.props = alias;
    client enough{version::v5, {.topic_alias_maximum = 3}};
    enough.be_connected();
    EXPECT_TRUE(std::holds_alternative<publish>(enough.hear(p)));
    client few{version::v5, {.topic_alias_maximum = 2}};
    few.be_connected();
    EXPECT_TRUE(is_closed(few.hear(p), reason::topic_alias_invalid));
    EXPECT_EQ(only<disconnect>(few.said()).code, reason::topic_alias_invalid);
    client one{version::v5, {.receive_maximum = 1}};
    one.be_connected();
    one.hear(message(qos::exactly_once, 1));
    EXPECT_TRUE(
        is_closed(one.hear(message(qos::at_least_once, 2)), reason::receive_maximum_exceeded));
}

// [MQTT5 3.1.2-20] [MQTT311 3.1.2-23]
TEST_P(client_session_flow, is_never_silent_for_longer_than_keep_alive) {
    at.say_hello(true, 10);
    at.hear(connack{});
    instant last = at.now;
    for (int i = 0; i < 40; ++i) {
        at.now = at.session->deadline();
        ASSERT_TRUE(is_idle(at.session->tick(at.now)));
        for (const packet& p : at.said()) {
            ASSERT_TRUE(std::holds_alternative<pingreq>(p));
            EXPECT_LE(at.now - last, 10s);
            last = at.now;
            EXPECT_TRUE(std::holds_alternative<client_session::pong>(at.hear(pingresp{})));
        }
        if (i % 7 != 3) continue;
        at.now += 1s;
        ASSERT_TRUE(at.session->publish(message(qos::at_most_once), 0));
        at.out.clear();
        EXPECT_LE(at.now - last, 10s);
        last = at.now;
    }
    EXPECT_GT(at.now - instant{1000s}, 100s);
}

TEST_P(client_session_flow, closes_where_no_pingresp_comes) {
    at.policy.answer_within = 3s;
    at.say_hello(true, 10);
    at.hear(connack{});
    const instant start = at.now;
    event e;
    while (is_idle(e) && at.now < start + 60s)
        e = at.session->tick(at.now = at.session->deadline());
    EXPECT_TRUE(is_closed(e, reason::keep_alive_timeout));
    EXPECT_LE(at.now - start, 13s);
}

TEST_P(client_session_flow, waits_for_no_pingresp_that_came) {
    at.policy.answer_within = 3s;
    at.say_hello(true, 100);
    at.hear(connack{});
    while (at.said().empty()) at.session->tick(at.now = at.session->deadline());
    EXPECT_EQ(at.session->deadline(), at.now + 3s);
    at.hear(pingresp{});
    EXPECT_EQ(at.session->deadline(), at.now + 50s);
}

TEST_P(client_session_flow, asks_a_silent_server_even_while_it_sends_itself) {
    at.say_hello(true, 10);
    at.hear(connack{});
    const instant start = at.now;
    event e;
    while (is_idle(e) && at.now < start + 100s) {
        at.now = at.session->deadline();
        e = at.session->tick(at.now);
        if (is_idle(e)) {
            ASSERT_TRUE(at.session->publish(message(qos::at_most_once), 0));
        }
        at.out.clear();
    }
    EXPECT_TRUE(is_closed(e, reason::keep_alive_timeout));
}

// [MQTT5 3.1.2-21] [MQTT5 3.2.2-21]
TEST(client_session_keep_alive, is_the_servers_where_it_has_one) {
    client at{version::v5};
    at.say_hello(true, 100);
    at.hear(connack{false, {}, list{}.add(property_id::server_keep_alive, 8)});
    EXPECT_EQ(at.session->keep_alive_s(), 8);
    EXPECT_LE(at.session->deadline(), at.now + 8s);
}

// [MQTT5 3.14.4-1] [MQTT5 3.14.4-2] [MQTT311 3.14.4-1] [MQTT311 3.14.4-2]
TEST_P(client_session_flow, says_nothing_after_disconnect) {
    at.be_connected();
    at.session->disconnect_now();
    at.session->disconnect_now();
    only<disconnect>(at.said());
    EXPECT_FALSE(at.session->publish(message(qos::at_most_once), 0));
    EXPECT_FALSE(at.session->acknowledge(1, qos::at_least_once, reason::success));
    EXPECT_TRUE(is_closed(at.hear(pingresp{}), reason::normal_disconnection));
    EXPECT_TRUE(at.said().empty());
}

TEST_P(client_session_flow, an_error_is_no_orderly_leave_in_3_x) {
    at.be_connected();
    EXPECT_TRUE(is_closed(at.hear(pingreq{}), reason::protocol_error));
    EXPECT_EQ(at.said().size(), is_5() ? 1u : 0u);
}

TEST(client_session_end, is_told_by_a_5_0_server) {
    client at{version::v5};
    at.be_connected();
    EXPECT_EQ(as<disconnect>(at.hear(disconnect{reason::server_busy, {}})).code,
              reason::server_busy);
    EXPECT_TRUE(is_closed(at.hear(pingresp{}), reason::server_busy));
    client old{version::v3_1_1};
    old.be_connected();
    EXPECT_TRUE(is_closed(old.hear(disconnect{}), reason::protocol_error));
}

// [MQTT5 3.14.2-2]
TEST(client_session_end, no_server_sets_the_session_expiry) {
    client at{version::v5};
    at.be_connected();
    list props;
    props.add(property_id::session_expiry_interval, 5);
    EXPECT_TRUE(is_closed(at.hear(disconnect{reason::server_busy, props}), reason::protocol_error));
}

// [MQTT5 4.12.0-7]
TEST(client_session_auth, needs_a_method_in_connect) {
    constexpr std::array<byte, 4> method{0x15, 0, 1, 'M'};
    const auth next{reason::continue_authentication, properties{method}};
    client without{version::v5};
    without.say_hello();
    EXPECT_EQ(without.session->send_auth(next).error(), error::unsupported);
    EXPECT_TRUE(is_closed(without.hear(next), reason::protocol_error));
    client with{version::v5};
    with.say_hello(true, 0, properties{method});
    EXPECT_EQ(as<auth>(with.hear(next)).code, reason::continue_authentication);
    EXPECT_TRUE(with.session->send_auth(next).has_value());
    EXPECT_EQ(only<auth>(with.said()).code, reason::continue_authentication);
}

}  // namespace
}  // namespace nightjar::mqtt::testing
