// From the standard: packet identifier present and not 0, no packet identifier at QoS 0, DUP at QoS
// 0, qoS 3 in PUBLISH, topic name: first, UTF-8, without wildcards, topic alias 0, response topic,
// content type, subscription identifier from a client.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT311 2.3.1-1]
TEST(publish, takes_right_packet_identifier_present_and_not_0) {
    hold({
        {v311, "32 08 00 03 61 2f 62 00 01 78", legal, "QoS 1, identifier 1"},
        {v311, "34 08 00 03 61 2f 62 ff ff 78", legal, "QoS 2, identifier 65,535"},
        {v311, "82 08 00 01 00 03 61 2f 62 00", legal, "SUBSCRIBE, identifier 1"},
    });
}

// [MQTT311 2.3.1-1]
TEST(publish, refuses_wrong_packet_identifier_present_and_not_0) {
    hold({
        {v311, "32 08 00 03 61 2f 62 00 00 78", closes, "QoS 1 with identifier 0"},
        {v311, "34 08 00 03 61 2f 62 00 00 78", closes, "QoS 2 with identifier 0"},
        {v311, "82 08 00 00 00 03 61 2f 62 00", closes, "SUBSCRIBE with identifier 0"},
        {v311, "a2 07 00 00 00 03 61 2f 62", closes, "UNSUBSCRIBE with identifier 0"},
        {v311, "32 06 00 03 61 2f 62 00", closes, "QoS 1, cut inside of the identifier"},
        {v5, "32 09 00 03 61 2f 62 00 00 00 78", protocol, "5.0, QoS 1 with identifier 0"},
    });
}

// [MQTT5 2.2.1-2] [MQTT311 2.3.1-5]
TEST(publish, takes_right_no_packet_identifier_at_qos_0) {
    hold({
        {v311, "30 08 00 03 61 2f 62 00 0a 78", legal, "payload 00 0a 78, and not identifier 10"},
        {v5, "30 06 00 03 61 2f 62 00", legal, "nothing after property length 0: empty payload"},
        {v311, "30 05 00 03 61 2f 62", legal, "empty payload"},
    });
}

// [MQTT5 3.3.1-2] [MQTT311 3.3.1-2]
TEST(publish, takes_right_dup_at_qos_0) {
    hold({
        {v5, "31 07 00 03 61 2f 62 00 78", legal, "QoS 0, RETAIN"},
        {v311, "31 06 00 03 61 2f 62 78", legal, "QoS 0, RETAIN"},
        {v5, "3a 09 00 03 61 2f 62 00 0a 00 78", legal, "DUP at QoS 1"},
        {v311, "3a 08 00 03 61 2f 62 00 0a 78", legal, "DUP at QoS 1"},
    });
}

// [MQTT311 3.3.1-2]
TEST(publish, refuses_wrong_dup_at_qos_0) {
    hold({
        {v311, "38 06 00 03 61 2f 62 78", closes, "DUP at QoS 0"},
        {v311, "39 06 00 03 61 2f 62 78", closes, "DUP and RETAIN at QoS 0"},
    });
}

// [MQTT5 3.3.1-4] [MQTT311 3.3.1-4]
TEST(publish, takes_right_qos_3_in_publish) {
    hold({
        {v5, "34 09 00 03 61 2f 62 00 0a 00 78", legal, "QoS 2"},
        {v311, "34 08 00 03 61 2f 62 00 0a 78", legal, "QoS 2"},
    });
}

// [MQTT5 3.3.1-4] [MQTT311 3.3.1-4]
TEST(publish, refuses_wrong_qos_3_in_publish) {
    hold({
        {v5, "36 09 00 03 61 2f 62 00 0a 00 78", malformed, "first byte 36"},
        {v311, "36 08 00 03 61 2f 62 00 0a 78", closes, "first byte 36"},
        {v5, "37 09 00 03 61 2f 62 00 0a 00 78", malformed, "first byte 37"},
        {v311, "37 08 00 03 61 2f 62 00 0a 78", closes, "first byte 37"},
        {v5, "3e 09 00 03 61 2f 62 00 0a 00 78", malformed, "first byte 3e"},
        {v311, "3e 08 00 03 61 2f 62 00 0a 78", closes, "first byte 3e"},
        {v5, "3f 09 00 03 61 2f 62 00 0a 00 78", malformed, "first byte 3f"},
        {v311, "3f 08 00 03 61 2f 62 00 0a 78", closes, "first byte 3f"},
    });
}

// [MQTT5 3.3.2-1] [MQTT5 3.3.2-2] [MQTT5 4.7.0-1] [MQTT311 3.3.2-1] [MQTT311 3.3.2-2]
// [MQTT311 4.7.1-1]
TEST(publish, takes_right_topic_name) {
    hold({
        {v5, "30 05 00 01 2f 00 78", legal, "topic /"},
        {v311, "30 04 00 01 2f 78", legal, "topic /"},
        {v5, "30 0b 00 07 61 20 62 2f 2f 24 63 00 78", legal, "spaces, empty levels, $ inside"},
        {v311, "30 0a 00 07 61 20 62 2f 2f 24 63 78", legal, "spaces, empty levels, $ inside"},
        {v5, "30 08 00 04 24 78 2f 79 00 78", legal, "a leading $ is well-formed"},
        {v311, "30 07 00 04 24 78 2f 79 78", legal, "a leading $ is well-formed"},
    });
}

// [MQTT5 3.3.2-1] [MQTT5 3.3.2-2] [MQTT5 4.7.0-1] [MQTT311 3.3.2-1] [MQTT311 3.3.2-2]
// [MQTT311 4.7.1-1]
TEST(publish, refuses_wrong_topic_name) {
    hold({
        {v5, "30 05 00 07 61 2f 62", malformed, "topic longer than the packet"},
        {v311, "30 05 00 07 61 2f 62", closes, "topic longer than the packet"},
        {v5, "30 01 00", malformed, "cut inside of the length"},
        {v311, "30 01 00", closes, "cut inside of the length"},
        {v5, "30 06 00 02 61 ff 00 78", malformed, "ill-formed"},
        {v311, "30 05 00 02 61 ff 78", closes, "ill-formed"},
        {v5, "30 07 00 03 61 2f 2b 00 78", malformed, "topic a/+"},
        {v311, "30 06 00 03 61 2f 2b 78", closes, "topic a/+"},
        {v5, "30 05 00 01 23 00 78", malformed, "topic #"},
        {v311, "30 04 00 01 23 78", closes, "topic #"},
        {v5, "30 08 00 04 61 2f 62 23 00 78", malformed, "topic a/b#"},
        {v311, "30 07 00 04 61 2f 62 23 78", closes, "topic a/b#"},
        {v5, "30 05 00 01 2b 00 78", malformed, "topic +"},
        {v311, "30 04 00 01 2b 78", closes, "topic +"},
        {v5, "10 17 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 03 77 2f 23 00 01 78",
         malformed, "will topic with wildcard"},
        {v311, "10 15 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 03 77 2f 23 00 01 78", closes,
         "will topic with wildcard"},
    });
}

// [MQTT5 3.3.2-8]
TEST(publish, takes_right_topic_alias_0) {
    hold({
        {v5, "30 0a 00 03 61 2f 62 03 23 00 01 78", legal, "alias 1 with a topic"},
        {v5, "30 07 00 00 03 23 ff ff 78", legal,
         "alias 65,535 with an empty topic (whether it is known is the session's)"},
    });
}

// [MQTT5 3.3.2-8]
TEST(publish, refuses_wrong_topic_alias_0) {
    hold({
        {v5, "30 0a 00 03 61 2f 62 03 23 00 00 78", alias, "alias 0"},
        {v5, "30 0d 00 03 61 2f 62 06 23 00 01 23 00 01 78", protocol, "alias twice"},
    });
}

// [MQTT5 3.3.2-13] [MQTT5 3.3.2-14]
TEST(publish, takes_right_response_topic) {
    hold({
        {v5, "30 0d 00 03 61 2f 62 06 08 00 03 72 2f 31 78", legal, "r/1"},
    });
}

// [MQTT5 3.3.2-13] [MQTT5 3.3.2-14]
TEST(publish, refuses_wrong_response_topic) {
    hold({
        {v5, "30 0c 00 03 61 2f 62 05 08 00 02 72 ff 78", malformed, "ill-formed"},
        {v5, "30 0d 00 03 61 2f 62 06 08 00 03 72 2f 2b 78", malformed, "wildcard +"},
        {v5, "30 0b 00 03 61 2f 62 04 08 00 01 23 78", malformed, "wildcard #"},
        {v5, "30 0f 00 03 61 2f 62 08 08 00 01 72 08 00 01 72 78", protocol, "twice"},
        {v5, "30 0a 00 03 61 2f 62 03 08 00 00 78", malformed,
         "empty: a topic name has a character"},
    });
}

// [MQTT5 3.3.2-19]
TEST(publish, takes_right_content_type) {
    hold({
        {v5, "30 14 00 03 61 2f 62 0d 03 00 0a 74 65 78 74 2f 70 6c 61 69 6e 78", legal,
         "text/plain"},
        {v5, "30 0a 00 03 61 2f 62 03 03 00 00 78", legal, "empty"},
    });
}

// [MQTT5 3.3.2-19]
TEST(publish, refuses_wrong_content_type) {
    hold({
        {v5, "30 0b 00 03 61 2f 62 04 03 00 01 ff 78", malformed, "ill-formed"},
        {v5, "30 0f 00 03 61 2f 62 08 03 00 01 61 03 00 01 61 78", protocol, "twice"},
    });
}

TEST(publish, takes_right_subscription_identifier_from_a_client) {
    hold({
        {v5, "30 0e 00 03 61 2f 62 07 0b 01 0b ff ff ff 7f 78", legal,
         "as a client: two identifiers, both kept"},
    });
}

TEST(publish, refuses_wrong_subscription_identifier_from_a_client) {
    hold({
        {v5, "30 09 00 03 61 2f 62 02 0b 00 78", protocol, "value 0, either role"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
