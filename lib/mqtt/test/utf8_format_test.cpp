// From the standard: well-formed UTF-8, no U+0000, U+FEFF stays.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 1.5.4-1] [MQTT311 1.5.3-1]
TEST(utf8_format, takes_right_utf8) {
    hold({
        {v5, "30 09 00 05 41 f0 aa 9b 94 00 78", legal,
         "topic A U+2A6D4, the standard's own example (41 f0 aa 9b 94)"},
        {v311, "30 08 00 05 41 f0 aa 9b 94 78", legal,
         "topic A U+2A6D4, the standard's own example (41 f0 aa 9b 94)"},
        {v5, "30 10 00 0c df bf e0 a0 80 ef bf bd f4 8f bf bd 00 78", legal,
         "the borders U+07FF, U+0800, U+FFFD, U+10FFFD (U+10FFFF is a non-character)"},
        {v311, "30 0f 00 0c df bf e0 a0 80 ef bf bd f4 8f bf bd 78", legal,
         "the borders U+07FF, U+0800, U+FFFD, U+10FFFD (U+10FFFF is a non-character)"},
    });
}

// [MQTT5 1.5.4-1] [MQTT311 1.5.3-1]
TEST(utf8_format, refuses_wrong_utf8) {
    hold({
        {v5, "30 08 00 04 61 ed a0 80 00 78", malformed, "topic: surrogate U+D800"},
        {v311, "30 07 00 04 61 ed a0 80 78", closes, "topic: surrogate U+D800"},
        {v5, "30 08 00 04 61 ed bf bf 00 78", malformed, "topic: surrogate U+DFFF"},
        {v311, "30 07 00 04 61 ed bf bf 78", closes, "topic: surrogate U+DFFF"},
        {v5, "30 07 00 03 61 c0 af 00 78", malformed, "topic: overlong /"},
        {v311, "30 06 00 03 61 c0 af 78", closes, "topic: overlong /"},
        {v5, "30 08 00 04 61 e0 80 af 00 78", malformed, "topic: overlong /, three bytes"},
        {v311, "30 07 00 04 61 e0 80 af 78", closes, "topic: overlong /, three bytes"},
        {v5, "30 09 00 05 61 f4 90 80 80 00 78", malformed, "topic: above U+10FFFF"},
        {v311, "30 08 00 05 61 f4 90 80 80 78", closes, "topic: above U+10FFFF"},
        {v5, "30 06 00 02 61 80 00 78", malformed, "topic: lone continuation"},
        {v311, "30 05 00 02 61 80 78", closes, "topic: lone continuation"},
        {v5, "30 07 00 03 61 e2 82 00 78", malformed,
         "topic: cut character at the end of the string"},
        {v311, "30 06 00 03 61 e2 82 78", closes, "topic: cut character at the end of the string"},
        {v5, "30 06 00 02 61 ff 00 78", malformed, "topic: byte that never occurs"},
        {v311, "30 05 00 02 61 ff 78", closes, "topic: byte that never occurs"},
        {v5, "10 11 00 04 4d 51 54 54 05 02 00 3c 00 00 04 63 ed a0 80", malformed,
         "client identifier with a surrogate"},
        {v311, "10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 63 ed a0 80", closes,
         "client identifier with a surrogate"},
    });
}

// [MQTT5 1.5.4-2] [MQTT311 1.5.3-2]
TEST(utf8_format, takes_right_null_character) {
    hold({
        {v5, "30 08 00 03 61 2f 62 00 00 00", legal, "zeros in the payload"},
        {v311, "30 07 00 03 61 2f 62 00 00", legal, "zeros in the payload"},
    });
}

// [MQTT5 1.5.4-2] [MQTT311 1.5.3-2]
TEST(utf8_format, refuses_wrong_null_character) {
    hold({
        {v5, "30 07 00 03 61 00 62 00 78", malformed, "topic with U+0000"},
        {v311, "30 06 00 03 61 00 62 78", closes, "topic with U+0000"},
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 00", malformed,
         "client identifier U+0000"},
        {v311, "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 00", closes, "client identifier U+0000"},
    });
}

// [MQTT5 1.5.4-3] [MQTT311 1.5.3-3]
TEST(utf8_format, takes_right_byte_order_mark) {
    hold({
        {v5, "30 08 00 04 ef bb bf 61 00 78", legal,
         "topic of 4 bytes: ef bb bf 61, first byte 0xef after decoding"},
        {v311, "30 07 00 04 ef bb bf 61 78", legal,
         "topic of 4 bytes: ef bb bf 61, first byte 0xef after decoding"},
        {v5, "30 08 00 04 61 ef bb bf 00 78", legal, "topic of 4 bytes: U+FEFF at the end"},
        {v311, "30 07 00 04 61 ef bb bf 78", legal, "topic of 4 bytes: U+FEFF at the end"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
