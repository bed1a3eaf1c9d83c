// From the standard: wildcard # in filters, wildcard + in filters, at least one character, no
// U+0000 in names and filters, shared filters.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 4.7.1-1] [MQTT311 4.7.1-2]
TEST(filter, takes_right_wildcard_hash) {
    hold({
        {v5, "82 07 00 0a 00 00 01 23 00", legal, "#"},
        {v311, "82 06 00 0a 00 01 23 00", legal, "#"},
        {v5, "82 09 00 0a 00 00 03 61 2f 23 00", legal, "a/#"},
        {v311, "82 08 00 0a 00 03 61 2f 23 00", legal, "a/#"},
        {v5, "82 08 00 0a 00 00 02 2f 23 00", legal, "/#"},
        {v311, "82 07 00 0a 00 02 2f 23 00", legal, "/#"},
        {v5, "82 09 00 0a 00 00 03 2b 2f 23 00", legal, "+/#"},
        {v311, "82 08 00 0a 00 03 2b 2f 23 00", legal, "+/#"},
        {v5, "82 0c 00 0a 00 00 06 24 53 59 53 2f 23 00", legal, "$SYS/#"},
        {v311, "82 0b 00 0a 00 06 24 53 59 53 2f 23 00", legal, "$SYS/#"},
    });
}

// [MQTT5 4.7.1-1] [MQTT311 4.7.1-2]
TEST(filter, refuses_wrong_wildcard_hash) {
    hold({
        {v5, "82 08 00 0a 00 00 02 61 23 00", malformed, "a#"},
        {v311, "82 07 00 0a 00 02 61 23 00", closes, "a#"},
        {v5, "82 0b 00 0a 00 00 05 61 2f 23 2f 62 00", malformed, "a/#/b"},
        {v311, "82 0a 00 0a 00 05 61 2f 23 2f 62 00", closes, "a/#/b"},
        {v5, "82 09 00 0a 00 00 03 23 2f 61 00", malformed, "#/a"},
        {v311, "82 08 00 0a 00 03 23 2f 61 00", closes, "#/a"},
        {v5, "82 08 00 0a 00 00 02 23 23 00", malformed, "##"},
        {v311, "82 07 00 0a 00 02 23 23 00", closes, "##"},
        {v5, "82 0a 00 0a 00 00 04 61 2f 62 23 00", malformed, "a/b#"},
        {v311, "82 09 00 0a 00 04 61 2f 62 23 00", closes, "a/b#"},
        {v5, "82 08 00 0a 00 00 02 23 61 00", malformed, "#a"},
        {v311, "82 07 00 0a 00 02 23 61 00", closes, "#a"},
    });
}

// [MQTT5 4.7.1-2] [MQTT311 4.7.1-3]
TEST(filter, takes_right_wildcard_plus) {
    hold({
        {v5, "82 07 00 0a 00 00 01 2b 00", legal, "+"},
        {v311, "82 06 00 0a 00 01 2b 00", legal, "+"},
        {v5, "82 09 00 0a 00 00 03 2b 2f 61 00", legal, "+/a"},
        {v311, "82 08 00 0a 00 03 2b 2f 61 00", legal, "+/a"},
        {v5, "82 0b 00 0a 00 00 05 61 2f 2b 2f 62 00", legal, "a/+/b"},
        {v311, "82 0a 00 0a 00 05 61 2f 2b 2f 62 00", legal, "a/+/b"},
        {v5, "82 08 00 0a 00 00 02 2f 2b 00", legal, "/+"},
        {v311, "82 07 00 0a 00 02 2f 2b 00", legal, "/+"},
        {v5, "82 09 00 0a 00 00 03 2b 2f 2b 00", legal, "+/+"},
        {v311, "82 08 00 0a 00 03 2b 2f 2b 00", legal, "+/+"},
        {v5, "82 09 00 0a 00 00 03 61 2f 2b 00", legal, "a/+"},
        {v311, "82 08 00 0a 00 03 61 2f 2b 00", legal, "a/+"},
    });
}

// [MQTT5 4.7.1-2] [MQTT311 4.7.1-3]
TEST(filter, refuses_wrong_wildcard_plus) {
    hold({
        {v5, "82 08 00 0a 00 00 02 61 2b 00", malformed, "a+"},
        {v311, "82 07 00 0a 00 02 61 2b 00", closes, "a+"},
        {v5, "82 08 00 0a 00 00 02 2b 61 00", malformed, "+a"},
        {v311, "82 07 00 0a 00 02 2b 61 00", closes, "+a"},
        {v5, "82 0a 00 0a 00 00 04 61 2f 2b 62 00", malformed, "a/+b"},
        {v311, "82 09 00 0a 00 04 61 2f 2b 62 00", closes, "a/+b"},
        {v5, "82 0c 00 0a 00 00 06 61 2f 62 2b 2f 63 00", malformed, "a/b+/c"},
        {v311, "82 0b 00 0a 00 06 61 2f 62 2b 2f 63 00", closes, "a/b+/c"},
        {v5, "82 08 00 0a 00 00 02 2b 2b 00", malformed, "++"},
        {v311, "82 07 00 0a 00 02 2b 2b 00", closes, "++"},
    });
}

// [MQTT5 4.7.3-1] [MQTT311 4.7.3-1]
TEST(filter, takes_right_at_least_one_character) {
    hold({
        {v5, "30 05 00 01 2f 00 78", legal, "/"},
        {v311, "30 04 00 01 2f 78", legal, "/"},
        {v5, "30 07 00 00 03 23 00 01 78", legal, "empty name with alias 1"},
    });
}

// [MQTT5 4.7.3-1] [MQTT311 4.7.3-1]
TEST(filter, refuses_wrong_at_least_one_character) {
    hold({
        {v5, "30 04 00 00 00 78", protocol, "empty name without alias"},
        {v311, "30 03 00 00 78", closes, "empty name"},
        {v5, "82 06 00 0a 00 00 00 00", malformed, "empty filter in SUBSCRIBE"},
        {v311, "82 05 00 0a 00 00 00", closes, "empty filter in SUBSCRIBE"},
        {v5, "a2 05 00 0a 00 00 00", malformed, "empty filter in UNSUBSCRIBE"},
        {v311, "a2 04 00 0a 00 00", closes, "empty filter in UNSUBSCRIBE"},
        {v5, "10 14 00 04 4d 51 54 54 05 06 00 3c 00 00 01 63 00 00 00 00 01 78", malformed,
         "empty will topic"},
        {v311, "10 12 00 04 4d 51 54 54 04 06 00 3c 00 01 63 00 00 00 01 78", closes,
         "empty will topic"},
    });
}

// [MQTT5 4.7.3-2] [MQTT311 4.7.3-2]
TEST(filter, takes_right_null_in_topic) {
    hold({
        {v5, "30 07 00 03 e2 90 80 00 78", legal, "U+2400, the picture of a null"},
        {v311, "30 06 00 03 e2 90 80 78", legal, "U+2400, the picture of a null"},
    });
}

// [MQTT5 4.7.3-2] [MQTT311 4.7.3-2]
TEST(filter, refuses_wrong_null_in_topic) {
    hold({
        {v5, "30 05 00 01 00 00 78", malformed, "name U+0000"},
        {v311, "30 04 00 01 00 78", closes, "name U+0000"},
        {v5, "82 08 00 0a 00 00 02 61 00 00", malformed, "filter a U+0000"},
        {v311, "82 07 00 0a 00 02 61 00 00", closes, "filter a U+0000"},
        {v5, "a2 07 00 0a 00 00 02 00 61", malformed, "filter U+0000 a"},
        {v311, "a2 06 00 0a 00 02 00 61", closes, "filter U+0000 a"},
    });
}

// [MQTT5 4.8.2-1] [MQTT5 4.8.2-2]
TEST(filter, takes_right_shared_filters) {
    hold({
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 67 2f 61 00", legal, "$share/g/a"},
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 67 2f 23 00", legal, "$share/g/#"},
        {v5, "82 11 00 0a 00 00 0b 24 73 68 61 72 65 2f 67 2f 2f 61 00", legal, "$share/g//a"},
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 67 2f 2f 00", legal, "$share/g//"},
        {v5, "82 12 00 0a 00 00 0c 24 73 68 61 72 65 2f 67 2f 2b 2f 62 00", legal, "$share/g/+/b"},
        {v5, "82 0f 00 0a 00 00 09 24 73 68 61 72 65 78 2f 67 00", legal, "$sharex/g"},
    });
}

// [MQTT5 4.8.2-1] [MQTT5 4.8.2-2]
TEST(filter, refuses_wrong_shared_filters) {
    hold({
        {v5, "82 0f 00 0a 00 00 09 24 73 68 61 72 65 2f 2f 61 00", malformed, "$share//a"},
        {v5, "82 0d 00 0a 00 00 07 24 73 68 61 72 65 2f 00", malformed, "$share/"},
        {v5, "82 0e 00 0a 00 00 08 24 73 68 61 72 65 2f 67 00", malformed, "$share/g"},
        {v5, "82 0f 00 0a 00 00 09 24 73 68 61 72 65 2f 67 2f 00", malformed, "$share/g/"},
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 2b 2f 61 00", malformed, "$share/+/a"},
        {v5, "82 0e 00 0a 00 00 08 24 73 68 61 72 65 2f 23 00", malformed, "$share/#"},
        {v5, "82 11 00 0a 00 00 0b 24 73 68 61 72 65 2f 67 2b 2f 61 00", malformed, "$share/g+/a"},
        {v5, "82 11 00 0a 00 00 0b 24 73 68 61 72 65 2f 67 2f 61 23 00", malformed, "$share/g/a#"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
