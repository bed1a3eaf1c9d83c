// From the standard: shortest variable byte integer, reserved flags of the first byte, PUBREL
// flags, SUBSCRIBE flags, UNSUBSCRIBE flags, DISCONNECT flags, AUTH flags.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 1.5.5-1]
TEST(fixed_header, takes_right_shortest_variable_byte_integer) {
    hold({
        {v5, "c0 00", legal, "remaining length 0 in one byte (PINGREQ)"},
    });
}

// [MQTT5 1.5.5-1]
TEST(fixed_header, refuses_wrong_shortest_variable_byte_integer) {
    hold({
        {v5, "c0 80 00", malformed, "PINGREQ with remaining length 0 in two bytes"},
        {v5, "30 87 00 00 03 61 2f 62 00 78", malformed,
         "PUBLISH with remaining length 7 in two bytes"},
        {v5, "30 08 00 03 61 2f 62 80 00 78", malformed, "property length 0 in two bytes"},
        {v5, "82 0c 00 0a 03 0b 81 00 00 03 61 2f 62 00", malformed,
         "subscription identifier 1 in two bytes"},
        {v5, "30 ff ff ff ff", malformed,
         "a fourth byte that announces a fifth; wrong at the fourth byte, no need to wait"},
        {v311, "30 ff ff ff ff", closes, "the same in 3.1.1 (2.2.3)"},
    });
}

// [MQTT5 2.1.3-1] [MQTT311 2.2.2-1] [MQTT311 2.2.2-2]
TEST(fixed_header, takes_right_reserved_flags_of_the_first_byte) {
    hold({
        {v5, "c0 00", legal, "PINGREQ"},
        {v311, "c0 00", legal, "PINGREQ"},
        {v5, "d0 00", legal, "PINGRESP"},
        {v311, "40 02 00 0a", legal, "PUBACK"},
        {v5, "40 02 00 0a", legal, "PUBACK, short form"},
    });
}

// [MQTT5 2.1.3-1] [MQTT311 2.2.2-1] [MQTT311 2.2.2-2]
TEST(fixed_header, refuses_wrong_reserved_flags_of_the_first_byte) {
    hold({
        {v5, "c1 00", malformed, "PINGREQ with flags 0001"},
        {v5, "42 02 00 0a", malformed, "PUBACK with flags 0010"},
        {v5, "12 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63", malformed,
         "CONNECT with flags 0010"},
        {v5, "00 00", malformed, "type 0, reserved"},
        {v311, "c1 00", closes, "PINGREQ with flags 0001"},
        {v311, "42 02 00 0a", closes, "PUBACK with flags 0010"},
        {v311, "12 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 63", closes, "CONNECT with flags 0010"},
        {v311, "00 00", closes, "type 0, reserved"},
        {v311, "f0 00", closes, "type 15, reserved in 3.1.1 (in 5.0 AUTH)"},
    });
}

// [MQTT5 3.6.1-1] [MQTT311 3.6.1-1]
TEST(fixed_header, takes_right_pubrel_flags) {
    hold({
        {v5, "62 02 00 0a", legal, "0010"},
        {v311, "62 02 00 0a", legal, "0010"},
    });
}

// [MQTT5 3.6.1-1] [MQTT311 3.6.1-1]
TEST(fixed_header, refuses_wrong_pubrel_flags) {
    hold({
        {v5, "60 02 00 0a", malformed, "flags 0000"},
        {v311, "60 02 00 0a", closes, "flags 0000"},
        {v5, "61 02 00 0a", malformed, "flags 0001"},
        {v311, "61 02 00 0a", closes, "flags 0001"},
        {v5, "63 02 00 0a", malformed, "flags 0011"},
        {v311, "63 02 00 0a", closes, "flags 0011"},
        {v5, "6a 02 00 0a", malformed, "flags 1010"},
        {v311, "6a 02 00 0a", closes, "flags 1010"},
    });
}

// [MQTT5 3.8.1-1] [MQTT311 3.8.1-1]
TEST(fixed_header, takes_right_subscribe_flags) {
    hold({
        {v5, "82 09 00 0a 00 00 03 61 2f 62 00", legal, "0010"},
        {v311, "82 08 00 0a 00 03 61 2f 62 00", legal, "0010"},
    });
}

// [MQTT5 3.8.1-1] [MQTT311 3.8.1-1]
TEST(fixed_header, refuses_wrong_subscribe_flags) {
    hold({
        {v5, "80 09 00 0a 00 00 03 61 2f 62 00", malformed, "flags 0000"},
        {v311, "80 08 00 0a 00 03 61 2f 62 00", closes, "flags 0000"},
        {v5, "81 09 00 0a 00 00 03 61 2f 62 00", malformed, "flags 0001"},
        {v311, "81 08 00 0a 00 03 61 2f 62 00", closes, "flags 0001"},
        {v5, "83 09 00 0a 00 00 03 61 2f 62 00", malformed, "flags 0011"},
        {v311, "83 08 00 0a 00 03 61 2f 62 00", closes, "flags 0011"},
        {v5, "8a 09 00 0a 00 00 03 61 2f 62 00", malformed, "flags 1010"},
        {v311, "8a 08 00 0a 00 03 61 2f 62 00", closes, "flags 1010"},
    });
}

// [MQTT5 3.10.1-1] [MQTT311 3.10.1-1]
TEST(fixed_header, takes_right_unsubscribe_flags) {
    hold({
        {v5, "a2 08 00 0a 00 00 03 61 2f 62", legal, "0010"},
        {v311, "a2 07 00 0a 00 03 61 2f 62", legal, "0010"},
    });
}

// [MQTT5 3.10.1-1] [MQTT311 3.10.1-1]
TEST(fixed_header, refuses_wrong_unsubscribe_flags) {
    hold({
        {v5, "a0 08 00 0a 00 00 03 61 2f 62", malformed, "flags 0000"},
        {v311, "a0 07 00 0a 00 03 61 2f 62", closes, "flags 0000"},
        {v5, "a1 08 00 0a 00 00 03 61 2f 62", malformed, "flags 0001"},
        {v311, "a1 07 00 0a 00 03 61 2f 62", closes, "flags 0001"},
        {v5, "a3 08 00 0a 00 00 03 61 2f 62", malformed, "flags 0011"},
        {v311, "a3 07 00 0a 00 03 61 2f 62", closes, "flags 0011"},
        {v5, "aa 08 00 0a 00 00 03 61 2f 62", malformed, "flags 1010"},
        {v311, "aa 07 00 0a 00 03 61 2f 62", closes, "flags 1010"},
    });
}

// [MQTT5 3.14.1-1] [MQTT311 3.14.1-1]
TEST(fixed_header, takes_right_disconnect_flags) {
    hold({
        {v5, "e0 00", legal, "`e0 00`"},
        {v311, "e0 00", legal, "`e0 00`"},
    });
}

// [MQTT5 3.14.1-1] [MQTT311 3.14.1-1]
TEST(fixed_header, refuses_wrong_disconnect_flags) {
    hold({
        {v5, "e1 00", malformed, "flags 0001"},
        {v311, "e1 00", closes, "flags 0001"},
        {v5, "e2 00", malformed, "flags 0010"},
        {v311, "e2 00", closes, "flags 0010"},
        {v5, "e8 00", malformed, "flags 1000"},
        {v311, "e8 00", closes, "flags 1000"},
        {v311, "e0 01 00", closes, "3.1.1: DISCONNECT has no variable header (3.14.2, no claim)"},
    });
}

// [MQTT5 3.15.1-1]
TEST(fixed_header, takes_right_auth_flags) {
    hold({
        {v5, "f0 06 18 04 15 00 01 6d", legal, "0000"},
    });
}

// [MQTT5 3.15.1-1]
TEST(fixed_header, refuses_wrong_auth_flags) {
    hold({
        {v5, "f1 06 18 04 15 00 01 6d", malformed, "flags 0001"},
        {v5, "f2 06 18 04 15 00 01 6d", malformed, "flags 0010"},
        {v5, "f8 06 18 04 15 00 01 6d", malformed, "flags 1000"},
    });
}

TEST(fixed_header, refuses_wrong_lengths) {
    hold({
        {v5, "c0 01 00", malformed, "PINGREQ with a body"},
        {v311, "c0 01 00", closes, "PINGREQ with a body"},
        {v5, "d0 01 00", malformed, "PINGRESP with a body"},
        {v311, "d0 01 00", closes, "PINGRESP with a body"},
        {v5, "e0 03 00 00 00", malformed, "DISCONNECT: a byte after the properties"},
        {v5, "10 0f 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63 00", malformed,
         "CONNECT: a byte too many"},
        {v311, "10 0e 00 04 4d 51 54 54 04 02 00 3c 00 01 63 00", closes,
         "CONNECT: a byte too many"},
        {v5, "40 05 00 0a 00 00 00", malformed, "PUBACK: a byte after the properties"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
