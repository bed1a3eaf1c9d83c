#include "session_support.hpp"

namespace nightjar::mqtt::testing {
namespace {

class server_session_connect : public ::testing::TestWithParam<version> {};
INSTANTIATE_TEST_SUITE_P(all, server_session_connect,
                         ::testing::Values(version::v3_1, version::v3_1_1, version::v5),
                         version_name);

// [MQTT5 3.2.0-1] [MQTT311 3.2.0-1]
TEST_P(server_session_connect, is_an_event_and_is_answered_by_connack_first) {
    served at;
    const auto e = at.hear(hello(GetParam(), "me"));
    EXPECT_EQ(as<connect>(e).client_id, "me");
    EXPECT_TRUE(at.raw_answers().empty());
    EXPECT_FALSE(at.session.is_connected());
    ASSERT_TRUE(at.session.accept({.session_present = true, .code = {}, .props = {}}, 0));
    EXPECT_TRUE(at.session.is_connected());
    const auto said = at.answers();
    EXPECT_EQ(only<connack>(said).session_present, GetParam() != version::v3_1);
}

TEST_P(server_session_connect, stops_the_reading_until_it_is_answered) {
    served at;
    storage both = wire(hello(GetParam()), GetParam());
    const storage ping = wire(pingreq{}, GetParam());
    both.insert(both.end(), ping.begin(), ping.end());
    EXPECT_TRUE(std::holds_alternative<connect>(at.hear(both)));
    EXPECT_TRUE(is_idle(at.session.next(at.left, at.now)));
    EXPECT_EQ(at.left.size(), ping.size());
    ASSERT_TRUE(at.session.accept({}, 0));
    EXPECT_TRUE(is_idle(at.session.next(at.left, at.now)));
    EXPECT_TRUE(at.left.empty());
}

// [MQTT5 3.1.0-1] [MQTT311 3.1.0-1] [MQTT5 3.14.0-1]
TEST_P(server_session_connect, must_be_the_first_packet) {
    served at;
    EXPECT_TRUE(
        is_closed(at.hear(wire(message(qos::at_most_once), GetParam())), reason::protocol_error));
    EXPECT_TRUE(at.raw_answers().empty());
}

TEST_P(server_session_connect, is_not_waited_for_behind_another_first_byte) {
    served at;
    EXPECT_TRUE(is_closed(at.hear(storage{0x30}), reason::protocol_error));
}

// [MQTT5 3.1.0-2] [MQTT311 3.1.0-2] [MQTT5 3.2.0-2]
TEST_P(server_session_connect, must_not_come_twice) {
    served at;
    at.connect_as(GetParam());
    EXPECT_TRUE(is_closed(at.hear(hello(GetParam())), reason::protocol_error));
    const auto said = at.answers();
    if (GetParam() == version::v5)
        EXPECT_EQ(only<disconnect>(said).code, reason::protocol_error);
    else
        EXPECT_TRUE(said.empty());
}

// [MQTT5 3.2.2-6] [MQTT5 3.2.2-7] [MQTT311 3.2.2-4] [MQTT311 3.2.2-5] [MQTT5 3.14.0-1]
TEST_P(server_session_connect, refused_is_over) {
    served at;
    at.hear(hello(GetParam()));
    at.session.refuse(reason::not_authorized);
    const auto said = at.answers();
    EXPECT_FALSE(only<connack>(said).session_present);
    EXPECT_TRUE(is_failure(only<connack>(said).code));
    EXPECT_TRUE(at.session.is_closed());
    at.session.disconnect_now(reason::server_shutting_down);
    EXPECT_TRUE(at.raw_answers().empty());
}

// [MQTT5 3.1.4-6] [MQTT311 3.1.4-5]
TEST_P(server_session_connect, refused_leaves_later_bytes_alone) {
    served at;
    at.hear(hello(GetParam()));
    at.session.refuse(reason::server_busy);
    EXPECT_TRUE(is_closed(at.hear(message(qos::at_most_once)), reason::server_busy));
    EXPECT_FALSE(at.left.empty());
}

TEST_P(server_session_connect, must_come_in_time) {
    served at{{.connect_within = 5s}};
    EXPECT_EQ(at.session.deadline(), at.now + 5s);
    EXPECT_TRUE(is_idle(at.session.tick(at.now + 5s - 1ns)));
    EXPECT_TRUE(is_closed(at.session.tick(at.now + 5s), reason::unspecified_error));
    EXPECT_TRUE(at.raw_answers().empty());
}

// [MQTT5 3.2.2-12] [MQTT5 4.13.2-1] [MQTT311 3.2.2-6]
TEST_P(server_session_connect, with_a_will_above_the_maximum_qos_is_refused) {
    served at{{.maximum_qos = qos::at_least_once}};
    connect p = hello(GetParam());
    p.last_will = will{.topic = "w", .payload = {}, .level = qos::exactly_once, .props = {}};
    EXPECT_TRUE(is_closed(at.hear(p), reason::qos_not_supported));
    const auto said = at.answers();
    if (GetParam() == version::v5)
        EXPECT_EQ(only<connack>(said).code, reason::qos_not_supported);
    else
        EXPECT_TRUE(said.empty());  // no return code fits
}

// [MQTT5 3.2.2-13]
TEST_P(server_session_connect, with_a_retained_will_needs_retain) {
    served at{{.retain_available = false}};
    connect p = hello(GetParam());
    p.last_will = will{.topic = "w", .payload = {}, .level = {}, .retain = true, .props = {}};
    EXPECT_TRUE(is_closed(at.hear(p), reason::retain_not_supported));
}

// [MQTT311 3.1.3-8] [MQTT5 3.1.3-8]
TEST_P(server_session_connect, without_a_name_needs_a_clean_session_in_3_1_1) {
    for (const bool clean : {true, false}) {
        served at;
        connect p = hello(GetParam(), "");
        p.clean_start = clean;
        const auto e = at.hear(p);
        if (GetParam() == version::v5 || (GetParam() == version::v3_1_1 && clean)) {
            EXPECT_TRUE(std::holds_alternative<connect>(e));
            continue;
        }
        EXPECT_TRUE(is_closed(e, reason::client_identifier_not_valid));
        const auto raw = at.raw_answers();
        EXPECT_EQ(storage(raw.begin(), raw.end()), (storage{0x20, 0x02, 0x00, 0x02}));
    }
}

// [MQTT311 3.1.2-2]
TEST(server_session_versions, an_old_unknown_level_gets_return_code_1) {
    served at;
    const storage level_2{0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 2, 2, 0, 0, 0, 1, 'c'};
    EXPECT_TRUE(is_closed(at.hear(level_2), reason::unsupported_protocol_version));
    const auto raw = at.raw_answers();
    EXPECT_EQ(storage(raw.begin(), raw.end()), (storage{0x20, 0x02, 0x00, 0x01}));
}

// [MQTT5 3.1.2-2]
TEST(server_session_versions, a_newer_level_gets_reason_0x84) {
    served at;
    const storage level_6{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 6, 2, 0, 0, 0, 0, 1, 'c'};
    EXPECT_TRUE(is_closed(at.hear(level_6), reason::unsupported_protocol_version));
    const auto raw = at.raw_answers();
    EXPECT_EQ(storage(raw.begin(), raw.end()), (storage{0x20, 0x03, 0x00, 0x84, 0x00}));
}

// [MQTT311 3.1.4-1]
TEST(server_session_versions, a_broken_connect_of_3_1_1_gets_no_connack) {
    served at;
    const storage reserved_flag{0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 3, 0, 0, 0, 1, 'c'};
    EXPECT_TRUE(is_closed(at.hear(reserved_flag), reason::malformed_packet));
    EXPECT_TRUE(at.raw_answers().empty());
}

// [MQTT5 3.1.4-1] [MQTT5 4.13.1-1] [MQTT5 3.2.2-6]
TEST(server_session_versions, a_broken_connect_of_5_0_gets_a_connack_with_the_code) {
    served at;
    const storage reserved_flag{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 3, 0, 0, 0, 0, 1, 'c'};
    EXPECT_TRUE(is_closed(at.hear(reserved_flag), reason::malformed_packet));
    const auto said = at.answers();
    EXPECT_EQ(only<connack>(said).code, reason::malformed_packet);
    EXPECT_FALSE(only<connack>(said).session_present);
}

// [MQTT5 3.1.2-22] [MQTT311 3.1.2-24] [MQTT5 3.2.2-22]
TEST_P(server_session_connect, keep_alive_allows_one_and_a_half_intervals_of_silence) {
    served at;
    at.connect_as(GetParam(), 11);
    EXPECT_EQ(at.session.deadline(), at.now + 16500ms);
    at.now += 16s;
    EXPECT_TRUE(is_idle(at.session.tick(at.now)));
    EXPECT_TRUE(is_idle(at.hear(pingreq{})));
    EXPECT_EQ(at.session.deadline(), at.now + 16500ms);
    at.answers();
    EXPECT_TRUE(is_closed(at.session.tick(at.now + 16500ms), reason::keep_alive_timeout));
    const auto said = at.answers();
    EXPECT_EQ(said.size(), GetParam() == version::v5 ? 1u : 0u);
}

TEST_P(server_session_connect, keep_alive_is_not_fed_by_half_a_packet) {
    served at;
    at.connect_as(GetParam(), 10);
    at.now += 10s;
    EXPECT_TRUE(is_idle(at.hear(storage{0xC0})));
    EXPECT_TRUE(is_closed(at.session.tick(at.now + 5s), reason::keep_alive_timeout));
}

TEST_P(server_session_connect, keep_alive_0_waits_for_ever) {
    served at;
    at.connect_as(GetParam(), 0);
    EXPECT_EQ(at.session.deadline(), never);
    EXPECT_TRUE(is_idle(at.session.tick(at.now + 24h * 365)));
}

/// The list with authentication method "M". [MQTT-5 3.15.2.2.2]
constexpr std::array<byte, 4> method{0x15, 0, 1, 'M'};

connect with_method() {
    connect p = hello(version::v5);
    p.props = properties{method};
    return p;
}
auth next_step() { return {reason::continue_authentication, properties{method}}; }
auth again() { return {reason::re_authenticate, properties{method}}; }

// [MQTT5 4.12.0-2] [MQTT5 3.1.4-6]
TEST(server_session_auth, goes_back_and_forth_before_connack) {
    served at;
    at.hear(with_method());
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(at.session.send_auth(next_step()));
        const auto e = at.hear(next_step());
        EXPECT_EQ(as<auth>(e).code, reason::continue_authentication);
    }
    at.answers();
    EXPECT_TRUE(at.session.accept({}, 0));
    EXPECT_TRUE(std::holds_alternative<auth>(at.hear(again())));
}

// [MQTT5 4.12.0-4]
TEST(server_session_auth, that_is_refused_closes) {
    served at;
    at.hear(with_method());
    ASSERT_TRUE(at.session.send_auth(next_step()));
    at.hear(next_step());
    at.answers();
    at.session.refuse(reason::not_authorized);
    const auto said = at.answers();
    EXPECT_EQ(only<connack>(said).code, reason::not_authorized);
    EXPECT_TRUE(at.session.is_closed());
}

// [MQTT5 4.12.1-2]
TEST(server_session_auth, that_is_repeated_and_refused_closes) {
    served at;
    at.hear(with_method());
    ASSERT_TRUE(at.session.accept({}, 0));
    EXPECT_TRUE(std::holds_alternative<auth>(at.hear(again())));
    at.answers();
    at.session.disconnect_now(reason::not_authorized);
    const auto said = at.answers();
    EXPECT_EQ(only<disconnect>(said).code, reason::not_authorized);
    EXPECT_TRUE(at.session.is_closed());
}

// [MQTT5 3.1.2-24]
TEST(server_session_small, client_gets_no_packet_that_it_does_not_take) {
    for (const byte most : {byte{4}, byte{5}}) {
        served at;
        const std::array<byte, 5> props{0x27, 0, 0, 0, most};  // maximum packet size
        connect p = hello(version::v5);
        p.props = properties{props};
        at.hear(p);
        const std::array<byte, 3> more{0x13, 0, 9};
        EXPECT_FALSE(at.session.accept({false, {}, properties{more}}, 0));
        EXPECT_TRUE(at.raw_answers().empty());
        if (most == 4) {
            at.session.refuse(reason::not_authorized);
            EXPECT_TRUE(at.raw_answers().empty());
            continue;
        }
        ASSERT_TRUE(at.session.accept({}, 0));
        at.answers();
        const std::array<byte, 2> codes{};
        EXPECT_FALSE(at.session.suback({7, codes, {}}));
        EXPECT_FALSE(at.session.unsuback({7, codes, {}}));
        at.session.disconnect_now(reason::quota_exceeded, properties{more});
        EXPECT_TRUE(at.raw_answers().empty());
    }
}

// [MQTT5 3.1.2-30]
TEST(server_session_auth, lets_nothing_else_through) {
    served at;
    at.hear(with_method());
    ASSERT_TRUE(at.session.send_auth(next_step()));
    at.answers();
    EXPECT_TRUE(is_closed(at.hear(pingreq{}), reason::protocol_error));
    const auto said = at.answers();
    EXPECT_EQ(only<connack>(said).code, reason::protocol_error);
}

// [MQTT5 4.12.0-7]
TEST(server_session_auth, needs_a_method_in_connect) {
    served at;
    at.connect_as(version::v5);
    EXPECT_TRUE(is_closed(at.hear(again()), reason::protocol_error));
}

TEST(server_session_auth, is_unknown_to_3_1_1) {
    served at;
    at.connect_as(version::v3_1_1);
    EXPECT_TRUE(is_closed(at.hear(storage{0xF0, 0x00}), reason::malformed_packet));
    EXPECT_TRUE(at.raw_answers().empty());
}

}  // namespace
}  // namespace nightjar::mqtt::testing
