// From the standard: protocol name, reserved connect flag, will fields present, no will, will QoS,
// user name and password flags, password needs user name (3.1.1 only), order of the CONNECT
// payload, client identifier, will topic and user name are UTF-8.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 3.1.2-1] [MQTT311 3.1.2-1]
TEST(connect, takes_right_protocol_name) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63", legal, "MQTT"},
        {v311, "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 63", legal, "MQTT"},
    });
}

// [MQTT5 3.1.2-1] [MQTT311 3.1.2-1]
TEST(connect, refuses_wrong_protocol_name) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 58 05 02 00 3c 00 00 01 63", other_version, "another name"},
        {v311, "10 0d 00 04 4d 51 54 58 04 02 00 3c 00 01 63", closes, "another name"},
        {v5, "10 0e 00 04 6d 71 74 74 05 02 00 3c 00 00 01 63", other_version, "lower case"},
        {v311, "10 0d 00 04 6d 71 74 74 04 02 00 3c 00 01 63", closes, "lower case"},
        {v5, "10 0a 00 00 05 02 00 3c 00 00 01 63", other_version, "empty name"},
        {v311, "10 09 00 00 04 02 00 3c 00 01 63", closes, "empty name"},
        {v5, "10 0e 00 04 4d 51 54 54 06 02 00 3c 00 00 01 63", other_version, "level 6"},
    });
}

// [MQTT5 3.1.2-3] [MQTT311 3.1.2-3]
TEST(connect, takes_right_reserved_connect_flag) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63", legal, "flags 02"},
        {v311, "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 63", legal, "flags 02"},
    });
}

// [MQTT5 3.1.2-3] [MQTT311 3.1.2-3]
TEST(connect, refuses_wrong_reserved_connect_flag) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 03 00 3c 00 00 01 63", malformed, "flags 03"},
        {v311, "10 0d 00 04 4d 51 54 54 04 03 00 3c 00 01 63", closes, "flags 03"},
    });
}

// [MQTT5 3.1.2-9] [MQTT311 3.1.2-9]
TEST(connect, takes_right_will_fields) {
    hold({
        {v5, "10 15 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 01 77 00 01 78", legal,
         "will w = x, QoS 0"},
        {v311, "10 13 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 01 77 00 01 78", legal,
         "will w = x, QoS 0"},
        {v5,
         "10 33 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 1f 18 00 00 00 05 01 01 02 00 00 00 09 "
         "03 00 01 74 08 00 01 72 09 00 01 64 26 00 01 6b 00 01 76 00 01 77 00 00",
         legal, "every will property, empty payload"},
    });
}

// [MQTT5 3.1.2-9] [MQTT311 3.1.2-9]
TEST(connect, refuses_wrong_will_fields) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63", malformed,
         "will flag, payload ends after the client identifier"},
        {v311, "10 0d 00 04 4d 51 54 54 04 06 00 3c 00 01 63", closes,
         "will flag, payload ends after the client identifier"},
        {v5, "10 12 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 01 77", malformed,
         "will topic without will payload"},
        {v311, "10 10 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 01 77", closes,
         "will topic without will payload"},
        {v5, "10 14 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 01 77 00 01 78", malformed,
         "no will properties: 00 is read as their length, the rest does not fit"},
        {v5, "10 18 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 03 23 00 01 00 01 77 00 01 78",
         malformed, "a topic alias among the will properties"},
        {v5,
         "10 1f 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 0a 18 00 00 00 05 18 00 00 00 05 00 01 "
         "77 00 01 78",
         protocol, "will delay twice"},
    });
}

// [MQTT5 3.1.2-11] [MQTT5 3.1.2-13] [MQTT311 3.1.2-11] [MQTT311 3.1.2-13] [MQTT311 3.1.2-15]
TEST(connect, takes_right_flags_without_will) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63", legal, "flags 02"},
        {v311, "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 63", legal, "flags 02"},
    });
}

// [MQTT5 3.1.2-11] [MQTT5 3.1.2-13] [MQTT311 3.1.2-11] [MQTT311 3.1.2-13] [MQTT311 3.1.2-15]
TEST(connect, refuses_wrong_flags_without_will) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 0a 00 3c 00 00 01 63", malformed,
         "will QoS 1 without will"},
        {v311, "10 0d 00 04 4d 51 54 54 04 0a 00 3c 00 01 63", closes, "will QoS 1 without will"},
        {v5, "10 0e 00 04 4d 51 54 54 05 12 00 3c 00 00 01 63", malformed,
         "will QoS 2 without will"},
        {v311, "10 0d 00 04 4d 51 54 54 04 12 00 3c 00 01 63", closes, "will QoS 2 without will"},
        {v5, "10 0e 00 04 4d 51 54 54 05 22 00 3c 00 00 01 63", malformed,
         "will retain without will"},
        {v311, "10 0d 00 04 4d 51 54 54 04 22 00 3c 00 01 63", closes, "will retain without will"},
        {v5, "10 15 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63 00 00 01 77 00 01 78", malformed,
         "will fields without the flag are bytes left over"},
        {v311, "10 13 00 04 4d 51 54 54 04 02 00 3c 00 01 63 00 01 77 00 01 78", closes,
         "will fields without the flag are bytes left over"},
    });
}

// [MQTT5 3.1.2-12] [MQTT311 3.1.2-14]
TEST(connect, takes_right_will_qos) {
    hold({
        {v5, "10 15 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 01 77 00 01 78", legal,
         "will QoS 0"},
        {v311, "10 13 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 01 77 00 01 78", legal,
         "will QoS 0"},
        {v5, "10 15 00 04 4d 51 54 54 05 0e 00 3c 00 00 01 63 00 00 01 77 00 01 78", legal,
         "will QoS 1"},
        {v311, "10 13 00 04 4d 51 54 54 04 0e 00 3c 00 01 63 00 01 77 00 01 78", legal,
         "will QoS 1"},
        {v5, "10 15 00 04 4d 51 54 54 05 16 00 3c 00 00 01 63 00 00 01 77 00 01 78", legal,
         "will QoS 2"},
        {v311, "10 13 00 04 4d 51 54 54 04 16 00 3c 00 01 63 00 01 77 00 01 78", legal,
         "will QoS 2"},
    });
}

// [MQTT5 3.1.2-12] [MQTT311 3.1.2-14]
TEST(connect, refuses_wrong_will_qos) {
    hold({
        {v5, "10 15 00 04 4d 51 54 54 05 1e 00 3c 00 00 01 63 00 00 01 77 00 01 78", malformed,
         "will QoS 3"},
        {v311, "10 13 00 04 4d 51 54 54 04 1e 00 3c 00 01 63 00 01 77 00 01 78", closes,
         "will QoS 3"},
    });
}

// [MQTT5 3.1.2-16] [MQTT5 3.1.2-17] [MQTT5 3.1.2-18] [MQTT5 3.1.2-19] [MQTT311 3.1.2-18]
// [MQTT311 3.1.2-19] [MQTT311 3.1.2-20] [MQTT311 3.1.2-21]
TEST(connect, takes_right_user_name_and_password_flags) {
    hold({
        {v5, "10 15 00 04 4d 51 54 54 05 c2 00 3c 00 00 01 63 00 01 75 00 02 ff 00", legal,
         "both; a password is binary"},
        {v311, "10 14 00 04 4d 51 54 54 04 c2 00 3c 00 01 63 00 01 75 00 02 ff 00", legal,
         "both; a password is binary"},
        {v5, "10 11 00 04 4d 51 54 54 05 82 00 3c 00 00 01 63 00 01 75", legal, "user name only"},
        {v311, "10 10 00 04 4d 51 54 54 04 82 00 3c 00 01 63 00 01 75", legal, "user name only"},
        {v5, "10 12 00 04 4d 51 54 54 05 c2 00 3c 00 00 01 63 00 00 00 00", legal,
         "both, empty: present is not the same as not empty"},
        {v311, "10 11 00 04 4d 51 54 54 04 c2 00 3c 00 01 63 00 00 00 00", legal,
         "both, empty: present is not the same as not empty"},
    });
}

// [MQTT5 3.1.2-16] [MQTT5 3.1.2-17] [MQTT5 3.1.2-18] [MQTT5 3.1.2-19] [MQTT311 3.1.2-18]
// [MQTT311 3.1.2-19] [MQTT311 3.1.2-20] [MQTT311 3.1.2-21]
TEST(connect, refuses_wrong_user_name_and_password_flags) {
    hold({
        {v5, "10 0e 00 04 4d 51 54 54 05 82 00 3c 00 00 01 63", malformed,
         "flag without user name"},
        {v311, "10 0d 00 04 4d 51 54 54 04 82 00 3c 00 01 63", closes, "flag without user name"},
        {v5, "10 11 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63 00 01 75", malformed,
         "user name without flag: left over"},
        {v311, "10 10 00 04 4d 51 54 54 04 02 00 3c 00 01 63 00 01 75", closes,
         "user name without flag: left over"},
        {v5, "10 11 00 04 4d 51 54 54 05 c2 00 3c 00 00 01 63 00 01 75", malformed,
         "flag without password"},
        {v311, "10 10 00 04 4d 51 54 54 04 c2 00 3c 00 01 63 00 01 75", closes,
         "flag without password"},
        {v5, "10 14 00 04 4d 51 54 54 05 82 00 3c 00 00 01 63 00 01 75 00 01 70", malformed,
         "password without flag: left over"},
        {v311, "10 13 00 04 4d 51 54 54 04 82 00 3c 00 01 63 00 01 75 00 01 70", closes,
         "password without flag: left over"},
    });
}

TEST(connect, takes_right_password_needs_user_name) {
    hold({
        {v5, "10 11 00 04 4d 51 54 54 05 42 00 3c 00 00 01 63 00 01 70", legal,
         "5.0: a password without user name is right"},
    });
}

// [MQTT311 3.1.2-22]
TEST(connect, refuses_wrong_password_needs_user_name) {
    hold({
        {v311, "10 10 00 04 4d 51 54 54 04 42 00 3c 00 01 63 00 01 70", closes,
         "3.1.1: password flag alone"},
    });
}

// [MQTT5 3.1.3-1] [MQTT311 3.1.3-1]
TEST(connect, takes_right_order_of_the_connect_payload) {
    hold({
        {v5,
         "10 1b 00 04 4d 51 54 54 05 c6 00 3c 00 00 01 63 00 00 01 77 00 01 78 00 01 75 00 01 70",
         legal, "c, (will properties,) w, x, u, p"},
        {v311, "10 19 00 04 4d 51 54 54 04 c6 00 3c 00 01 63 00 01 77 00 01 78 00 01 75 00 01 70",
         legal, "c, (will properties,) w, x, u, p"},
        {v5,
         "10 1b 00 04 4d 51 54 54 05 c6 00 3c 00 00 01 63 00 00 01 77 00 01 ff 00 01 75 00 01 70",
         legal, "ff in the will payload"},
        {v311, "10 19 00 04 4d 51 54 54 04 c6 00 3c 00 01 63 00 01 77 00 01 ff 00 01 75 00 01 70",
         legal, "ff in the will payload"},
    });
}

// [MQTT5 3.1.3-1] [MQTT311 3.1.3-1]
TEST(connect, refuses_wrong_order_of_the_connect_payload) {
    hold({
        {v5,
         "10 1b 00 04 4d 51 54 54 05 c6 00 3c 00 00 01 63 00 00 01 77 00 01 78 00 01 ff 00 01 70",
         malformed, "ff in the user name"},
        {v311, "10 19 00 04 4d 51 54 54 04 c6 00 3c 00 01 63 00 01 77 00 01 78 00 01 ff 00 01 70",
         closes, "ff in the user name"},
    });
}

// [MQTT5 3.1.3-3] [MQTT5 3.1.3-4] [MQTT311 3.1.3-3] [MQTT311 3.1.3-4]
TEST(connect, takes_right_client_identifier) {
    hold({
        {v5, "10 0d 00 04 4d 51 54 54 05 02 00 3c 00 00 00", legal,
         "empty identifier with clean start"},
        {v311, "10 0c 00 04 4d 51 54 54 04 02 00 3c 00 00", legal,
         "empty identifier with clean start"},
    });
}

// [MQTT5 3.1.3-3] [MQTT5 3.1.3-4] [MQTT311 3.1.3-3] [MQTT311 3.1.3-4]
TEST(connect, refuses_wrong_client_identifier) {
    hold({
        {v5, "10 0b 00 04 4d 51 54 54 05 02 00 3c 00", malformed, "no identifier"},
        {v311, "10 0a 00 04 4d 51 54 54 04 02 00 3c", closes, "no identifier"},
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 05 63", malformed,
         "identifier longer than the packet"},
        {v311, "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 05 63", closes,
         "identifier longer than the packet"},
        {v5, "10 0f 00 04 4d 51 54 54 05 02 00 3c 00 00 02 c3 28", malformed,
         "ill-formed identifier"},
        {v311, "10 0e 00 04 4d 51 54 54 04 02 00 3c 00 02 c3 28", closes, "ill-formed identifier"},
    });
}

// [MQTT5 3.1.3-11] [MQTT5 3.1.3-12] [MQTT311 3.1.3-10] [MQTT311 3.1.3-11]
TEST(connect, takes_right_will_topic_and_user_name) {
    hold({
        {v5,
         "10 1c 00 04 4d 51 54 54 05 86 00 3c 00 00 01 63 00 00 04 77 2f c3 a9 00 01 78 00 02 c3 "
         "bc",
         legal, "will topic w/é, user name ü"},
        {v311,
         "10 1a 00 04 4d 51 54 54 04 86 00 3c 00 01 63 00 04 77 2f c3 a9 00 01 78 00 02 c3 bc",
         legal, "will topic w/é, user name ü"},
    });
}

// [MQTT5 3.1.3-11] [MQTT5 3.1.3-12] [MQTT311 3.1.3-10] [MQTT311 3.1.3-11]
TEST(connect, refuses_wrong_will_topic_and_user_name) {
    hold({
        {v5, "10 16 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 02 77 ff 00 01 78", malformed,
         "ill-formed will topic"},
        {v311, "10 14 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 02 77 ff 00 01 78", closes,
         "ill-formed will topic"},
        {v5, "10 11 00 04 4d 51 54 54 05 82 00 3c 00 00 01 63 00 01 ff", malformed,
         "ill-formed user name"},
        {v311, "10 10 00 04 4d 51 54 54 04 82 00 3c 00 01 63 00 01 ff", closes,
         "ill-formed user name"},
        {v5, "10 12 00 04 4d 51 54 54 05 82 00 3c 00 00 01 63 00 02 75 00", malformed,
         "U+0000 in the user name"},
        {v311, "10 11 00 04 4d 51 54 54 04 82 00 3c 00 01 63 00 02 75 00", closes,
         "U+0000 in the user name"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
