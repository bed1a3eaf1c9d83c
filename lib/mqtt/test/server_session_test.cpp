#include "session_support.hpp"

namespace nightjar::mqtt::testing {
namespace {

using idle = server_session::idle;
using released = server_session::released;
using completed = server_session::completed;
using wants_flows = server_session::wants_flows;

class server_session_flow : public ::testing::TestWithParam<version> {
protected:
    void SetUp() override { at.connect_as(GetParam()); }
    bool is_5() const { return GetParam() == version::v5; }
    served at;
};
INSTANTIATE_TEST_SUITE_P(all, server_session_flow,
                         ::testing::Values(version::v3_1, version::v3_1_1, version::v5),
                         version_name);

// [MQTT5 3.12.4-1] [MQTT311 3.12.4-1]
TEST_P(server_session_flow, answers_a_ping_without_its_owner) {
    EXPECT_TRUE(is_idle(at.hear(pingreq{})));
    const auto said = at.answers();
    only<pingresp>(said);
}

TEST_P(server_session_flow, says_how_many_bytes_are_missing) {
    const storage whole = wire(message(qos::at_most_once, 0, "topic"), GetParam());
    const auto e = at.hear(storage(whole.begin(), whole.begin() + 4));
    EXPECT_EQ(as<idle>(e).missing, whole.size() - 4);
    EXPECT_EQ(at.left.size(), 4u);
}

// [MQTT5 3.3.4-1] [MQTT311 3.3.4-1]
TEST_P(server_session_flow, qos_0_is_an_event_and_has_no_answer) {
    const auto e = at.hear(message(qos::at_most_once, 0, "a/b"));
    EXPECT_EQ(as<publish>(e).topic, "a/b");
    EXPECT_TRUE(at.raw_answers().empty());
}

// [MQTT5 4.3.2-4] [MQTT5 4.3.2-5] [MQTT5 2.2.1-5]
// [MQTT311 4.3.2-2] [MQTT311 2.3.1-6] [MQTT311 3.3.4-1]
TEST_P(server_session_flow, qos_1_is_acknowledged_when_the_owner_says_so_and_is_new_afterwards) {
    for (int round = 0; round < 2; ++round) {
        const auto e = at.hear(message(qos::at_least_once, 7));
        EXPECT_EQ(as<publish>(e).id, 7);
        EXPECT_TRUE(at.raw_answers().empty());
        EXPECT_EQ(at.session.unacknowledged(), 1);
        ASSERT_TRUE(at.session.acknowledge(7, qos::at_least_once, reason::success));
        const auto said = at.answers();
        EXPECT_EQ(only<puback>(said).id, 7);
        EXPECT_EQ(at.session.unacknowledged(), 0);
    }
}

// [MQTT5 4.3.3-8] [MQTT5 4.3.3-10] [MQTT5 4.3.3-11] [MQTT5 4.3.3-12] [MQTT311 4.3.3-2]
TEST_P(server_session_flow, qos_2_is_delivered_once_until_it_is_released) {
    at.session.lend(at.kept.state);
    publish p = message(qos::exactly_once, 9);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(as<publish>(at.hear(p)).id, 9);
        EXPECT_TRUE(at.raw_answers().empty());
        ASSERT_TRUE(at.session.acknowledge(9, qos::exactly_once, reason::success));
        p.dup = true;
        EXPECT_TRUE(is_idle(at.hear(p)));
        const auto recs = at.answers();
        ASSERT_EQ(recs.size(), 2u);
        EXPECT_EQ(std::get<pubrec>(recs[1]).id, 9);
        EXPECT_TRUE(is_idle(at.hear(pubrel{9, {}, {}})));
        const auto said = at.answers();
        EXPECT_EQ(only<pubcomp>(said).id, 9);
        EXPECT_EQ(only<pubcomp>(said).code, reason::success);
        p.dup = false;
    }
}

// [MQTT5 4.3.3-9]
TEST_P(server_session_flow, qos_2_that_failed_leaves_its_identifier_free) {
    at.session.lend(at.kept.state);
    at.hear(message(qos::exactly_once, 9));
    ASSERT_TRUE(at.session.acknowledge(9, qos::exactly_once, reason::quota_exceeded));
    const auto said = at.answers();
    EXPECT_EQ(only<pubrec>(said).code, is_5() ? reason::quota_exceeded : reason::success);
    EXPECT_TRUE(std::holds_alternative<publish>(at.hear(message(qos::exactly_once, 9))));
}

TEST_P(server_session_flow, qos_2_that_failed_after_the_end_is_forgotten_as_well) {
    at.session.lend(at.kept.state);
    at.hear(message(qos::exactly_once, 9));
    at.session.disconnect_now(reason::session_taken_over);
    EXPECT_FALSE(at.session.acknowledge(9, qos::exactly_once, reason::quota_exceeded));
    EXPECT_FALSE(at.kept.state.receiving.holds(9));
}

/// What is stored before it is acknowledged must not be acknowledged by a repetition.
TEST_P(server_session_flow, qos_2_repeated_before_its_acknowledgement_waits_for_it) {
    at.session.lend(at.kept.state);
    at.hear(message(qos::exactly_once, 9));
    publish again = message(qos::exactly_once, 9);
    again.dup = true;
    EXPECT_TRUE(is_idle(at.hear(again)));
    EXPECT_TRUE(at.answers().empty());
    ASSERT_TRUE(at.session.acknowledge(9, qos::exactly_once, reason::success));
    EXPECT_EQ(only<pubrec>(at.answers()).id, 9);
    EXPECT_TRUE(is_idle(at.hear(again)));
    EXPECT_EQ(only<pubrec>(at.answers()).id, 9);
}

// [MQTT5 4.6.0-2] [MQTT5 4.6.0-3] [MQTT311 4.6.0-2] [MQTT311 4.6.0-3]
TEST_P(server_session_flow, acknowledgements_leave_in_the_order_of_the_messages) {
    at.session.lend(at.kept.state);
    const std::array<packet_id, 4> ids{7, 3, 9, 5};
    for (const qos level : {qos::at_least_once, qos::exactly_once}) {
        for (const packet_id id : ids) {
            const auto e = at.hear(message(level, id));
            ASSERT_TRUE(at.session.acknowledge(as<publish>(e).id, level, reason::success));
        }
        const auto said = at.answers();
        ASSERT_EQ(said.size(), ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto* ack = std::get_if<puback>(&said[i]);
            const auto* rec = std::get_if<pubrec>(&said[i]);
            EXPECT_EQ(level == qos::at_least_once ? (ack ? ack->id : 0) : (rec ? rec->id : 0),
                      ids[i]);
        }
    }
}

// [MQTT5 4.6.0-4] [MQTT311 4.6.0-4]
TEST_P(server_session_flow, pubrels_leave_in_the_order_of_the_pubrecs) {
    at.session.lend(at.kept.state);
    for (token t = 1; t <= 3; ++t)
        ASSERT_TRUE(at.session.publish_now(message(qos::exactly_once), t));
    at.answers();
    const std::array<packet_id, 3> ids{2, 3, 1};
    for (const packet_id id : ids) at.hear(pubrec{id, {}, {}});
    const auto said = at.answers();
    ASSERT_EQ(said.size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(std::get<pubrel>(said[i]).id, ids[i]);
}

TEST_P(server_session_flow, an_unknown_pubrel_is_completed_with_0x92_where_there_are_codes) {
    EXPECT_TRUE(is_idle(at.hear(pubrel{5, {}, {}})));
    const auto said = at.answers();
    EXPECT_EQ(only<pubcomp>(said).id, 5);
    EXPECT_EQ(only<pubcomp>(said).code,
              is_5() ? reason::packet_identifier_not_found : reason::success);
}

TEST(server_session_resumed, an_unknown_pubrel_is_one_whose_pubcomp_was_lost) {
    served at;
    at.hear(hello(version::v5));
    ASSERT_TRUE(at.session.accept({.session_present = true, .code = {}, .props = {}}, 0));
    at.answers();
    EXPECT_TRUE(is_idle(at.hear(pubrel{5, {}, {}})));
    const auto said = at.answers();
    EXPECT_EQ(only<pubcomp>(said).code, reason::success);
}

TEST_P(server_session_flow, an_unknown_pubrec_is_released_with_0x92_where_there_are_codes) {
    EXPECT_TRUE(is_idle(at.hear(pubrec{5, {}, {}})));
    const auto said = at.answers();
    EXPECT_EQ(only<pubrel>(said).id, 5);
    EXPECT_EQ(only<pubrel>(said).code,
              is_5() ? reason::packet_identifier_not_found : reason::success);
}

TEST_P(server_session_flow, unknown_puback_and_pubcomp_do_nothing) {
    at.session.lend(at.kept.state);
    EXPECT_TRUE(is_idle(at.hear(puback{5, {}, {}})));
    EXPECT_TRUE(is_idle(at.hear(pubcomp{5, {}, {}})));
    EXPECT_TRUE(at.raw_answers().empty());
}

TEST_P(server_session_flow, qos_2_asks_for_windows_and_leaves_the_packet) {
    const auto e = at.hear(message(qos::exactly_once, 9));
    EXPECT_TRUE(std::holds_alternative<wants_flows>(e));
    EXPECT_FALSE(at.left.empty());
    at.session.lend(at.kept.state);
    EXPECT_EQ(as<publish>(at.session.next(at.left, at.now)).id, 9);
    EXPECT_TRUE(at.left.empty());
}

TEST_P(server_session_flow, qos_2_ends_where_no_larger_window_is_lent) {
    at.session.lend(at.kept.state);
    for (packet_id id = 1; id <= 8; ++id) at.hear(message(qos::exactly_once, id));
    EXPECT_TRUE(std::holds_alternative<wants_flows>(at.hear(message(qos::exactly_once, 9))));
    EXPECT_TRUE(is_closed(at.session.next(at.left, at.now), reason::receive_maximum_exceeded));
}

TEST_P(server_session_flow, qos_2_goes_on_in_a_larger_window) {
    at.session.lend(at.kept.state);
    for (packet_id id = 1; id <= 8; ++id) at.hear(message(qos::exactly_once, id));
    EXPECT_TRUE(std::holds_alternative<wants_flows>(at.hear(message(qos::exactly_once, 9))));
    kept_flows<16> larger;
    larger.state.receiving.take_over(at.kept.state.receiving);
    at.session.lend(larger.state);
    EXPECT_EQ(as<publish>(at.session.next(at.left, at.now)).id, 9);
    EXPECT_TRUE(is_idle(at.hear(message(qos::exactly_once, 8))));
}

// [MQTT5 2.2.1-4] [MQTT5 4.3.2-2] [MQTT5 4.3.2-3] [MQTT311 4.3.2-1] [MQTT311 2.3.1-4]
TEST_P(server_session_flow, qos_1_to_the_client_is_released_by_its_puback) {
    at.session.lend(at.kept.state);
    ASSERT_TRUE(at.session.publish_now(message(qos::at_least_once), 77));
    const auto said = at.answers();
    const packet_id id = only<publish>(said).id;
    EXPECT_NE(id, 0);
    EXPECT_FALSE(only<publish>(said).dup);
    EXPECT_EQ(at.kept.state.sending.in_flight(), 1);
    EXPECT_EQ(as<released>(at.hear(puback{id, {}, {}})).message, 77u);
    EXPECT_TRUE(at.kept.state.sending.is_empty());
}

// [MQTT5 4.3.3-2] [MQTT5 4.3.3-4] [MQTT5 4.3.3-5] [MQTT311 4.3.3-1]
TEST_P(server_session_flow, qos_2_to_the_client_goes_its_four_steps) {
    at.session.lend(at.kept.state);
    ASSERT_TRUE(at.session.publish_now(message(qos::exactly_once), 77));
    const packet_id id = only<publish>(at.answers()).id;
    EXPECT_EQ(as<released>(at.hear(pubrec{id, {}, {}})).message, 77u);
    EXPECT_EQ(only<pubrel>(at.answers()).id, id);
    EXPECT_EQ(at.kept.state.sending.in_flight(), 1);
    EXPECT_TRUE(is_idle(at.hear(pubrec{id, {}, {}})));
    EXPECT_EQ(only<pubrel>(at.answers()).code, reason::success);
    EXPECT_TRUE(std::holds_alternative<completed>(at.hear(pubcomp{id, {}, {}})));
    EXPECT_TRUE(at.kept.state.sending.is_empty());
}

// [MQTT5 4.9.0-2] [MQTT5 3.3.4-9] [MQTT5 3.3.4-10]
TEST_P(server_session_flow, keeps_within_the_clients_receive_maximum) {
    at.session.lend(at.kept.state);
    at.kept.state.sending.set_quota(2);
    EXPECT_TRUE(at.session.publish_now(message(qos::at_least_once), 1));
    EXPECT_TRUE(at.session.publish_now(message(qos::exactly_once), 2));
    EXPECT_FALSE(at.session.publish_now(message(qos::at_least_once), 3));
    EXPECT_TRUE(at.session.publish_now(message(qos::at_most_once), 0));
    EXPECT_TRUE(is_idle(at.hear(pingreq{})));
    EXPECT_EQ(at.answers().size(), 4u);
}

TEST_P(server_session_flow, an_acknowledgement_of_what_is_not_kept_says_that_there_is_room) {
    at.session.lend(at.kept.state);
    ASSERT_TRUE(at.session.publish_now(message(qos::at_least_once), 0));
    EXPECT_TRUE(std::holds_alternative<completed>(at.hear(puback{1, {}, {}})));
}

TEST_P(server_session_flow, what_only_servers_send_is_a_protocol_error) {
    const byte code = 0;
    const bool has_codes = is_5();
    const unsuback none{3, has_codes ? bytes_view{&code, 1} : bytes_view{}, {}};
    for (const packet& p :
         std::vector<packet>{connack{}, suback{3, {&code, 1}, {}}, none, pingresp{}}) {
        served fresh;
        fresh.connect_as(GetParam());
        EXPECT_TRUE(is_closed(fresh.hear(p), reason::protocol_error));
    }
}

// [MQTT5 4.13.1-1] [MQTT311 4.8.0-1]
TEST_P(server_session_flow, a_malformed_packet_ends_it_with_its_code) {
    EXPECT_TRUE(is_closed(at.hear(storage{0x36, 0x00}), reason::malformed_packet));
    const auto said = at.answers();
    if (is_5())
        EXPECT_EQ(only<disconnect>(said).code, reason::malformed_packet);
    else
        EXPECT_TRUE(said.empty());
}

// [MQTT5 3.14.4-1] [MQTT5 3.14.4-2]
TEST_P(server_session_flow, says_and_reads_nothing_after_its_end) {
    at.session.lend(at.kept.state);
    at.session.disconnect_now(reason::server_shutting_down);
    at.session.disconnect_now(reason::server_busy);
    EXPECT_EQ(at.answers().size(), is_5() ? 1u : 0u);
    EXPECT_TRUE(is_closed(at.hear(pingreq{}), reason::server_shutting_down));
    EXPECT_EQ(at.left.size(), 2u);
    EXPECT_FALSE(at.session.publish_now(message(qos::at_most_once), 0));
    EXPECT_FALSE(at.session.publish_now(message(qos::at_least_once), 1));
    EXPECT_FALSE(at.session.resend_pubrel(1));
    EXPECT_FALSE(at.session.suback({1, {}, {}}));
    EXPECT_TRUE(at.raw_answers().empty());
    EXPECT_EQ(at.session.deadline(), never);
}

TEST_P(server_session_flow, disconnect_is_the_last_event) {
    EXPECT_TRUE(std::holds_alternative<disconnect>(at.hear(disconnect{})));
    EXPECT_TRUE(is_closed(at.hear(pingreq{}), reason::normal_disconnection));
    EXPECT_TRUE(at.raw_answers().empty());
}

// [MQTT5 3.8.4-1] [MQTT5 3.8.4-2] [MQTT5 3.10.4-4] [MQTT5 2.2.1-6] [MQTT311 2.3.1-7]
TEST_P(server_session_flow, requests_are_answered_with_their_identifier) {
    storage room(64);
    writer list{room};
    subscription_list::put(list, {.filter = "a/#", .maximum = qos::at_least_once});
    const auto e = at.hear(subscribe{21, subscription_list{list.written()}, {}});
    auto filters = as<subscribe>(e).filters;
    EXPECT_EQ(filters.take().filter, "a/#");
    const byte granted = 1;
    ASSERT_TRUE(at.session.suback({as<subscribe>(e).id, {&granted, 1}, {}}));
    EXPECT_EQ(only<suback>(at.answers()).id, 21);
    writer names{room};
    filter_list::put(names, "a/#");
    EXPECT_EQ(as<unsubscribe>(at.hear(unsubscribe{22, filter_list{names.written()}, {}})).id, 22);
    const byte code = 0;
    const bool has_codes = is_5();
    ASSERT_TRUE(at.session.unsuback({22, has_codes ? bytes_view{&code, 1} : bytes_view{}, {}}));
    EXPECT_EQ(only<unsuback>(at.answers()).id, 22);
}

// [MQTT311 4.8.0-2]
TEST_P(server_session_flow, no_room_for_an_answer_ends_it) {
    served tight{{}, 8};
    tight.connect_as(GetParam());
    storage pings;
    for (int i = 0; i < 5; ++i) pings.insert(pings.end(), {0xC0, 0x00});
    EXPECT_TRUE(is_closed(tight.hear(pings), reason::quota_exceeded));
}

TEST_P(server_session_flow, no_room_for_pubrel_keeps_the_message) {
    served tight{{}, 8};
    tight.connect_as(GetParam());
    tight.session.lend(tight.kept.state);
    ASSERT_TRUE(tight.session.begin(qos::exactly_once, 77).has_value());
    storage pings;
    for (int i = 0; i < 3; ++i) pings.insert(pings.end(), {0xC0, 0x00});
    EXPECT_TRUE(is_idle(tight.hear(pings)));
    EXPECT_TRUE(is_closed(tight.hear(pubrec{1, {}, {}}), reason::quota_exceeded));
    EXPECT_EQ(tight.kept.state.sending.on_pubrec(1, false).message, 77u);
}

class server_session_limit : public ::testing::Test {
protected:
    /// The farewell of a 5.0 session with this policy to which this packet comes.
    reason farewell_of(const server_policy& policy, const packet& p) {
        served at{policy};
        at.connect_as(version::v5);
        at.session.lend(at.kept.state);
        const auto e = at.hear(p);
        if (!std::holds_alternative<server_session::closed>(e)) return reason::success;
        return only<disconnect>(at.answers()).code;
    }
};

TEST_F(server_session_limit, the_maximum_qos) {
    const server_policy policy{.maximum_qos = qos::at_least_once};
    EXPECT_EQ(farewell_of(policy, message(qos::at_least_once, 1)), reason::success);
    EXPECT_EQ(farewell_of(policy, message(qos::exactly_once, 1)), reason::qos_not_supported);
}

TEST_F(server_session_limit, retain) {
    publish p = message(qos::at_most_once);
    p.retain = true;
    EXPECT_EQ(farewell_of({}, p), reason::success);
    EXPECT_EQ(farewell_of({.retain_available = false}, p), reason::retain_not_supported);
}

// [MQTT5 3.3.2-12]
TEST_F(server_session_limit, topic_aliases) {
    storage room(16);
    property_writer props{room};
    publish p = message(qos::at_most_once);
    p.props = props.add(property_id::topic_alias, 4u).made();
    EXPECT_EQ(farewell_of({.topic_alias_maximum = 4}, p), reason::success);
    EXPECT_EQ(farewell_of({.topic_alias_maximum = 3}, p), reason::topic_alias_invalid);
}

// [MQTT5 3.3.4-6]
TEST_F(server_session_limit, no_subscription_identifier_from_a_client) {
    storage room(16);
    property_writer props{room};
    publish p = message(qos::at_most_once);
    p.props = props.add(property_id::subscription_identifier, 4u).made();
    EXPECT_EQ(farewell_of({}, p), reason::protocol_error);
}

TEST_F(server_session_limit, the_packet_size) {
    server_policy policy;
    policy.in.packet_max = 64;
    const storage large(80, 'x');
    publish p = message(qos::at_most_once);
    p.payload = large;
    EXPECT_EQ(farewell_of(policy, p), reason::packet_too_large);
}

TEST_F(server_session_limit, the_receive_maximum_counts_until_the_flow_is_done) {
    served at{{.receive_maximum = 2}};
    at.connect_as(version::v5);
    at.session.lend(at.kept.state);
    at.hear(message(qos::at_least_once, 1));
    at.hear(message(qos::exactly_once, 2));
    ASSERT_TRUE(at.session.acknowledge(1, qos::at_least_once, reason::success));
    ASSERT_TRUE(at.session.acknowledge(2, qos::exactly_once, reason::success));
    at.hear(message(qos::at_least_once, 3));
    // Identifier 2 is acknowledged but not released: two are open.
    EXPECT_TRUE(
        is_closed(at.hear(message(qos::at_least_once, 4)), reason::receive_maximum_exceeded));
}

TEST_F(server_session_limit, the_receive_maximum_is_reached_by_qos_2_without_trace) {
    served at{{.receive_maximum = 1}};
    at.connect_as(version::v5);
    at.session.lend(at.kept.state);
    at.hear(message(qos::exactly_once, 1));
    EXPECT_TRUE(
        is_closed(at.hear(message(qos::exactly_once, 2)), reason::receive_maximum_exceeded));
    EXPECT_FALSE(at.kept.state.receiving.holds(2));
}

TEST_F(server_session_limit, the_receive_maximum_is_free_again_after_pubcomp) {
    served at{{.receive_maximum = 1}};
    at.connect_as(version::v5);
    at.session.lend(at.kept.state);
    for (packet_id id = 1; id < 5; ++id) {
        EXPECT_TRUE(std::holds_alternative<publish>(at.hear(message(qos::exactly_once, id))));
        ASSERT_TRUE(at.session.acknowledge(id, qos::exactly_once, reason::success));
        EXPECT_TRUE(is_idle(at.hear(pubrel{id, {}, {}})));
    }
}

TEST_F(server_session_limit, the_receive_maximum_is_not_held_against_3_1_1) {
    served at{{.receive_maximum = 2}};
    at.connect_as(version::v3_1_1);
    for (packet_id id = 1; id < 20; ++id)
        EXPECT_TRUE(std::holds_alternative<publish>(at.hear(message(qos::at_least_once, id))));
}

TEST_F(server_session_limit, the_session_expiry_is_not_raised_from_0_at_the_end) {
    storage room(16);
    property_writer props{room};
    const disconnect p{{}, props.add(property_id::session_expiry_interval, 9u).made()};
    EXPECT_EQ(farewell_of({}, p), reason::protocol_error);
    served at;
    connect first = hello(version::v5);
    first.props = p.props;
    at.hear(first);
    ASSERT_TRUE(at.session.accept({}, 0));
    EXPECT_TRUE(std::holds_alternative<disconnect>(at.hear(p)));
}

}  // namespace
}  // namespace nightjar::mqtt::testing
