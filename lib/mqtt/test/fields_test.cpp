// Each field of each packet ends up where it belongs, and what is written is what the standard's
// figures show.

#include "examples.hpp"

#include <deque>

namespace nightjar::mqtt {
namespace {

/// Keeps the bytes that views look into.
class fields : public testing::Test {
protected:
    bytes_view from(std::string_view hex) { return kept_.emplace_back(hex); }

private:
    std::deque<exact> kept_;
};

std::string text(bytes_view raw) { return std::string(as_text(raw)); }

// [MQTT5 3.1.3-1] [MQTT311 3.1.3-1] [MQTT5 3.1.3-3] [MQTT311 3.1.3-3]
TEST_F(fields, connect_has_its_payload_in_order) {
    const std::string_view tail =
        "00 02 'id' 00 04 'w/ll' 00 03 'xyz' 00 05 'annie' 00 06 'secret'";
    const bytes_view old = from("10 28 00 04 'MQTT' 04 ee 01 02 " + std::string(tail));
    const auto p = only<connect>(old, v311);
    EXPECT_EQ(p.version, v311);
    EXPECT_FALSE(p.is_bridge);
    EXPECT_TRUE(p.clean_start);
    EXPECT_EQ(p.keep_alive_s, 0x0102);
    EXPECT_EQ(p.client_id, "id");
    ASSERT_TRUE(p.last_will && p.user_name && p.password);
    EXPECT_EQ(p.last_will->topic, "w/ll");
    EXPECT_EQ(text(p.last_will->payload), "xyz");
    EXPECT_EQ(p.last_will->level, qos::at_least_once);
    EXPECT_TRUE(p.last_will->retain);
    EXPECT_EQ(*p.user_name, "annie");
    EXPECT_EQ(text(*p.password), "secret");
}

TEST_F(fields, connect_of_5_keeps_its_two_property_lists_apart) {
    const bytes_view raw = from(
        "10 1f 00 04 'MQTT' 05 04 00 3c 03 21 00 07 00 01 'c' 05 18 00 00 00 09 00 01 'w' 00 03 "
        "'xyz'");
    const auto p = only<connect>(raw, v31);
    EXPECT_EQ(p.version, v5);
    EXPECT_FALSE(p.clean_start);
    EXPECT_EQ(p.props.number(property_id::receive_maximum), 7u);
    ASSERT_TRUE(p.last_will);
    EXPECT_EQ(p.last_will->props.number(property_id::will_delay_interval), 9u);
    EXPECT_EQ(text(p.last_will->payload), "xyz");
}

TEST_F(fields, connect_of_3_1_and_of_bridges) {
    EXPECT_EQ(only<connect>(from("10 0f 00 06 'MQIsdp' 03 02 00 3c 00 01 'c'"), v5).version, v31);
    const auto old = only<connect>(from("10 0f 00 06 'MQIsdp' 83 02 00 3c 00 01 'c'"), v5);
    EXPECT_TRUE(old.is_bridge && old.version == v31);
    const auto newer = only<connect>(from("10 0d 00 04 'MQTT' 84 02 00 3c 00 01 'c'"), v5);
    EXPECT_TRUE(newer.is_bridge && newer.version == v311);
    hold({
        {v31, "10 0f 00 06 'MQIsdp' 83 02 00 3c 00 01 'c'", legal, "3.1, bridge"},
        {v311, "10 0d 00 04 'MQTT' 84 02 00 3c 00 01 'c'", legal, "3.1.1, bridge"},
        {v5, "10 0e 00 04 'MQTT' 85 02 00 3c 00 00 01 'c'", other_version, "5.0 has no bridge bit"},
        {v5, "10 0f 00 06 'MQIsdp' 04 02 00 3c 00 01 'c'", other_version, "old name, newer level"},
        {v5, "10 0d 00 04 'MQTT' 03 02 00 3c 00 01 'c'", other_version, "newer name, old level"},
        {v5, "10 0f 00 06 'MQIsdp' 03 03 00 3c 00 01 'c'", other_form,
         "3.1 does not look at bit 0"},
    });
}

TEST_F(fields, connect_of_3_1_may_lack_the_last_fields) {
    const auto p = only<connect>(from("10 0f 00 06 'MQIsdp' 03 c2 00 3c 00 01 'c'"), v31);
    EXPECT_FALSE(p.user_name || p.password);
    const auto named =
        only<connect>(from("10 12 00 06 'MQIsdp' 03 c2 00 3c 00 01 'c' 00 01 'u'"), v31);
    EXPECT_TRUE(named.user_name && !named.password);
}

/// Whoever is refused wants to know it in a version that it speaks.
TEST_F(fields, refused_connect_says_in_which_version_to_answer) {
    const auto asked = [this](std::string_view bytes) {
        const bytes_view raw = from(bytes);
        const cutting found = cut_packet(raw, {});
        connect target;
        EXPECT_TRUE(read(found.packet, limits{}, target));
        return target.version;
    };
    EXPECT_EQ(asked("10 0e 00 04 'MQTT' 06 02 00 3c 00 00 01 'c'"), v5);
    EXPECT_EQ(asked("10 0e 00 04 'MQTT' 05 03 00 3c 00 00 01 'c'"), v5);
    EXPECT_EQ(asked("10 0d 00 04 'MQTT' 04 03 00 3c 00 01 'c'"), v311);
    EXPECT_EQ(asked("10 0d 00 04 'MQTT' 02 02 00 3c 00 01 'c'"), v311);
    EXPECT_EQ(asked("10 0f 00 06 'MQIsdp' 04 02 00 3c 00 01 'c'"), v31);
}

TEST_F(fields, connack) {
    const auto old = only<connack>(from("20 02 01 00"), v311);
    EXPECT_TRUE(old.session_present && old.code == reason::success);
    const reason codes[] = {reason::unsupported_protocol_version,
                            reason::client_identifier_not_valid, reason::server_unavailable,
                            reason::bad_user_name_or_password, reason::not_authorized};
    for (byte i = 1; i <= 5; ++i) {
        const byte raw[] = {0x20, 2, 0, i};
        EXPECT_EQ(only<connack>(raw, v311).code, codes[i - 1]);
        EXPECT_EQ(hex(encoded(connack{.code = codes[i - 1]}, v311)), hex(raw));
    }
    EXPECT_EQ(hex(encoded(connack{.code = reason::banned}, v311)), "20 02 00 05");
    EXPECT_EQ(hex(encoded(connack{.code = reason::quota_exceeded}, v311)), "20 02 00 03");
    EXPECT_EQ(hex(encoded(connack{.session_present = true}, v31)), "20 02 00 00");
    const auto p = only<connack>(from("20 06 01 00 03 22 00 0a"), v5);
    EXPECT_EQ(p.props.number(property_id::topic_alias_maximum), 10u);
    hold({
        {v5, "20 03 01 80 00", protocol, "session present in a refusal"},
        {v311, "20 02 01 05", closes, "session present in a refusal"},
        {v311, "20 03 00 00 00", closes, "a byte too many"},
        {v311, "20 02 00 06", closes, "reserved code"},
    });
}

// [MQTT5 2.2.1-2] [MQTT311 2.3.1-5]
TEST_F(fields, publish) {
    const auto p = only<publish>(from("3d 0d 00 03 'a/b' 01 02 03 23 00 05 'xy'"), v5);
    EXPECT_EQ(p.topic, "a/b");
    EXPECT_EQ(p.id, 0x0102);
    EXPECT_EQ(p.level, qos::exactly_once);
    EXPECT_TRUE(p.dup && p.retain);
    EXPECT_EQ(p.props.number(property_id::topic_alias), 5u);
    EXPECT_EQ(text(p.payload), "xy");
    const auto plain = only<publish>(from("30 08 00 03 'a/b' 00 0a 'x'"), v311);
    EXPECT_EQ(plain.id, 0);
    EXPECT_EQ(text(plain.payload), std::string("\0\x0ax", 3));
    const publish named{.topic = "a/b", .payload = as_bytes("x"), .id = 10};
    EXPECT_EQ(hex(encoded(named, v311)), "30 06 00 03 61 2f 62 78");
    EXPECT_EQ(hex(encoded(named, v5)), "30 07 00 03 61 2f 62 00 78");
}

TEST_F(fields, subscribe_and_unsubscribe) {
    auto p = only<subscribe>(from("82 0f 00 0a 02 0b 07 00 03 'a/b' 2e 00 01 '#' 01"), v5);
    EXPECT_EQ(p.id, 10);
    EXPECT_EQ(p.props.number(property_id::subscription_identifier), 7u);
    const subscription first = p.filters.take();
    EXPECT_EQ(first.filter, "a/b");
    EXPECT_EQ(first.maximum, qos::exactly_once);
    EXPECT_TRUE(first.no_local && first.retain_as_published);
    EXPECT_EQ(first.retained, retain_handling::do_not_send);
    const subscription second = p.filters.take();
    EXPECT_EQ(second.filter, "#");
    EXPECT_FALSE(second.no_local || second.retain_as_published);
    EXPECT_TRUE(p.filters.empty());
    auto gone = only<unsubscribe>(from("a2 0a 00 0b 00 03 'a/b' 00 01 '#'"), v311);
    EXPECT_EQ(gone.id, 11);
    EXPECT_EQ(gone.filters.take(), "a/b");
    EXPECT_EQ(gone.filters.take(), "#");
    EXPECT_TRUE(gone.filters.empty());
}

TEST_F(fields, acknowledgements) {
    const auto p = only<pubrec>(from("50 0a 00 0a 97 06 1f 00 03 'why'"), v5);
    EXPECT_TRUE(p.id == 10 && p.code == reason::quota_exceeded);
    EXPECT_EQ(p.props.text(property_id::reason_string), "why");
    EXPECT_EQ(hex(encoded(p, v311)), "50 02 00 0a") << "3.x has the identifier alone";
    const byte codes[] = {0x00, 0x02, 0x87};
    EXPECT_EQ(hex(encoded(suback{.id = 10, .codes = codes}, v311)), "90 05 00 0a 00 02 80");
    EXPECT_EQ(hex(encoded(suback{.id = 10, .codes = codes}, v5)), "90 06 00 0a 00 00 02 87");
    EXPECT_EQ(hex(encoded(unsuback{.id = 10, .codes = codes}, v311)), "b0 02 00 0a");
    EXPECT_EQ(hex(encoded(disconnect{.code = reason::server_busy}, v311)), "e0 00");
    EXPECT_EQ(hex(encoded(disconnect{.code = reason::server_busy}, v5)), "e0 01 89");
    EXPECT_EQ(hex(encoded(auth{.code = reason::re_authenticate}, v5)), "f0 02 19 00");
}

}  // namespace
}  // namespace nightjar::mqtt
