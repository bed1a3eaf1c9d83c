// From the standard: CONNACK flags, CONNACK reason codes, PUBACK reason codes, PUBREC reason codes,
// PUBREL reason codes, PUBCOMP reason codes, SUBACK codes, UNSUBACK reason codes, DISCONNECT reason
// codes, session expiry in a server's DISCONNECT, AUTH reason codes.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 3.2.2-1]
TEST(reason_code, takes_right_connack_flags) {
    hold({
        {v5, "20 03 00 00 00", legal, "session present 0"},
        {v5, "20 03 01 00 00", legal, "session present 1"},
    });
}

// [MQTT5 3.2.2-1]
TEST(reason_code, refuses_wrong_connack_flags) {
    hold({
        {v5, "20 03 02 00 00", malformed, "bit 1"},
        {v5, "20 03 80 00 00", malformed, "bit 7"},
    });
}

// [MQTT5 3.2.2-8]
TEST(reason_code, takes_right_connack_reason_codes) {
    hold({
        {v5, "20 03 00 87 00", legal, "0x87 not authorised"},
        {v5, "20 03 00 9f 00", legal, "0x9f connection rate exceeded"},
    });
}

// [MQTT5 3.2.2-8]
TEST(reason_code, refuses_wrong_connack_reason_codes) {
    hold({
        {v5, "20 03 00 01 00", protocol, "0x01 is not in the table"},
        {v5, "20 03 00 8b 00", protocol, "0x8b is not in the table"},
        {v5, "20 03 00 8d 00", protocol, "0x8d is not in the table"},
        {v5, "20 03 00 8e 00", protocol, "0x8e is not in the table"},
        {v5, "20 03 00 92 00", protocol, "0x92 is not in the table"},
        {v5, "20 03 00 a0 00", protocol, "0xa0 is not in the table"},
    });
}

// [MQTT5 3.4.2-1]
TEST(reason_code, takes_right_puback_reason_codes) {
    hold({
        {v5, "40 02 00 0a", legal, "short form, 00"},
        {v5, "40 03 00 0a 99", legal, "0x99, remaining length 3"},
        {v5, "40 0a 00 0a 00 06 1f 00 03 77 68 79", legal, "00 with a reason string"},
    });
}

// [MQTT5 3.4.2-1]
TEST(reason_code, refuses_wrong_puback_reason_codes) {
    hold({
        {v5, "40 03 00 0a 01", protocol, "0x01 is not in the table"},
        {v5, "40 03 00 0a 92", protocol, "0x92 is not in the table"},
        {v5, "40 03 00 0a 8f", protocol, "0x8f is not in the table"},
        {v5, "40 0c 00 0a 00 08 1f 00 01 61 1f 00 01 61", protocol, "reason string twice"},
        {v5, "40 07 00 0a 00 03 23 00 01", malformed, "a property of another packet"},
        {v5, "40 01 00", malformed, "cut inside of the identifier"},
    });
}

// [MQTT5 3.5.2-1]
TEST(reason_code, takes_right_pubrec_reason_codes) {
    hold({
        {v5, "50 02 00 0a", legal, "short form, 00"},
        {v5, "50 03 00 0a 99", legal, "0x99, remaining length 3"},
        {v5, "50 0a 00 0a 00 06 1f 00 03 77 68 79", legal, "00 with a reason string"},
    });
}

// [MQTT5 3.5.2-1]
TEST(reason_code, refuses_wrong_pubrec_reason_codes) {
    hold({
        {v5, "50 03 00 0a 01", protocol, "0x01 is not in the table"},
        {v5, "50 03 00 0a 92", protocol, "0x92 is not in the table"},
        {v5, "50 03 00 0a 8f", protocol, "0x8f is not in the table"},
        {v5, "50 0c 00 0a 00 08 1f 00 01 61 1f 00 01 61", protocol, "reason string twice"},
        {v5, "50 07 00 0a 00 03 23 00 01", malformed, "a property of another packet"},
        {v5, "50 01 00", malformed, "cut inside of the identifier"},
    });
}

// [MQTT5 3.6.2-1]
TEST(reason_code, takes_right_pubrel_reason_codes) {
    hold({
        {v5, "62 02 00 0a", legal, "short form, 00"},
        {v5, "62 03 00 0a 92", legal, "0x92, remaining length 3"},
        {v5, "62 0a 00 0a 00 06 1f 00 03 77 68 79", legal, "00 with a reason string"},
    });
}

// [MQTT5 3.6.2-1]
TEST(reason_code, refuses_wrong_pubrel_reason_codes) {
    hold({
        {v5, "62 03 00 0a 10", protocol, "0x10 is not in the table"},
        {v5, "62 03 00 0a 91", protocol, "0x91 is not in the table"},
        {v5, "62 03 00 0a 80", protocol, "0x80 is not in the table"},
        {v5, "62 0c 00 0a 00 08 1f 00 01 61 1f 00 01 61", protocol, "reason string twice"},
        {v5, "62 07 00 0a 00 03 23 00 01", malformed, "a property of another packet"},
        {v5, "62 01 00", malformed, "cut inside of the identifier"},
    });
}

// [MQTT5 3.7.2-1]
TEST(reason_code, takes_right_pubcomp_reason_codes) {
    hold({
        {v5, "70 02 00 0a", legal, "short form, 00"},
        {v5, "70 03 00 0a 92", legal, "0x92, remaining length 3"},
        {v5, "70 0a 00 0a 00 06 1f 00 03 77 68 79", legal, "00 with a reason string"},
    });
}

// [MQTT5 3.7.2-1]
TEST(reason_code, refuses_wrong_pubcomp_reason_codes) {
    hold({
        {v5, "70 03 00 0a 10", protocol, "0x10 is not in the table"},
        {v5, "70 03 00 0a 91", protocol, "0x91 is not in the table"},
        {v5, "70 03 00 0a 80", protocol, "0x80 is not in the table"},
        {v5, "70 0c 00 0a 00 08 1f 00 01 61 1f 00 01 61", protocol, "reason string twice"},
        {v5, "70 07 00 0a 00 03 23 00 01", malformed, "a property of another packet"},
        {v5, "70 01 00", malformed, "cut inside of the identifier"},
    });
}

// [MQTT5 3.9.3-2] [MQTT311 3.9.3-2]
TEST(reason_code, takes_right_suback_codes) {
    hold({
        {v5, "90 07 00 0a 00 00 01 02 80", legal, "00 01 02 80"},
        {v311, "90 06 00 0a 00 01 02 80", legal, "00 01 02 80"},
        {v5, "90 05 00 0a 00 8f a2", legal, "8f a2"},
    });
}

// [MQTT5 3.9.3-2] [MQTT311 3.9.3-2]
TEST(reason_code, refuses_wrong_suback_codes) {
    hold({
        {v5, "90 04 00 0a 00 03", protocol, "03"},
        {v5, "90 04 00 0a 00 82", protocol, "82"},
        {v311, "90 03 00 0a 03", closes, "03"},
        {v311, "90 03 00 0a 87", closes, "87, a code of 5.0"},
        {v5, "90 03 00 0a 00", malformed, "no code at all (there is one per filter)"},
        {v311, "90 02 00 0a", closes, "no code at all (there is one per filter)"},
    });
}

// [MQTT5 3.11.3-2]
TEST(reason_code, takes_right_unsuback_reason_codes) {
    hold({
        {v5, "b0 06 00 0a 00 00 11 8f", legal, "00 11 8f"},
    });
}

// [MQTT5 3.11.3-2]
TEST(reason_code, refuses_wrong_unsuback_reason_codes) {
    hold({
        {v5, "b0 04 00 0a 00 01", protocol, "01"},
        {v5, "b0 04 00 0a 00 97", protocol, "97"},
    });
}

// [MQTT5 3.14.2-1]
TEST(reason_code, takes_right_disconnect_reason_codes) {
    hold({
        {v5, "e0 00", legal, "remaining length 0: 00"},
        {v5, "e0 01 04", legal, "04 disconnect with will"},
        {v5, "e0 08 8e 06 1f 00 03 77 68 79", legal, "as a client: 8e with a reason string"},
    });
}

// [MQTT5 3.14.2-1]
TEST(reason_code, refuses_wrong_disconnect_reason_codes) {
    hold({
        {v5, "e0 01 01", protocol, "0x01 is not in the table"},
        {v5, "e0 01 10", protocol, "0x10 is not in the table"},
        {v5, "e0 01 84", protocol, "0x84 is not in the table"},
        {v5, "e0 01 85", protocol, "0x85 is not in the table"},
        {v5, "e0 01 86", protocol, "0x86 is not in the table"},
        {v5, "e0 01 88", protocol, "0x88 is not in the table"},
        {v5, "e0 01 8a", protocol, "0x8a is not in the table"},
        {v5, "e0 01 91", protocol, "0x91 is not in the table"},
        {v5, "e0 01 92", protocol, "0x92 is not in the table"},
    });
}

TEST(reason_code, takes_right_session_expiry_in_disconnect) {
    hold({
        {v5, "e0 07 00 05 11 00 00 00 3c", legal, "as a server: session expiry 60"},
    });
}

TEST(reason_code, refuses_wrong_session_expiry_in_disconnect) {
    hold({
        {v5, "e0 0c 00 0a 11 00 00 00 3c 11 00 00 00 3c", protocol, "twice"},
    });
}

// [MQTT5 3.15.2-1]
TEST(reason_code, takes_right_auth_reason_codes) {
    hold({
        {v5, "f0 06 18 04 15 00 01 6d", legal, "18 with method m"},
        {v5, "f0 06 19 04 15 00 01 6d", legal, "as a server: 19"},
        {v5, "f0 06 00 04 15 00 01 6d", legal, "as a client: 00"},
    });
}

// [MQTT5 3.15.2-1]
TEST(reason_code, refuses_wrong_auth_reason_codes) {
    hold({
        {v5, "f0 06 01 04 15 00 01 6d", protocol, "01"},
        {v5, "f0 06 80 04 15 00 01 6d", protocol, "80"},
        {v5, "f0 06 87 04 15 00 01 6d", protocol, "87"},
        {v5, "f0 02 18 00", protocol, "no method"},
        {v5, "f0 0a 18 08 15 00 01 6d 15 00 01 6d", protocol, "method twice"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
