// From the standard: filters in SUBSCRIBE are UTF-8, SUBSCRIBE is not empty, no Local on a shared
// subscription, reserved bits of the options, filters in UNSUBSCRIBE are UTF-8, without gaps,
// UNSUBSCRIBE is not empty.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 3.8.3-1] [MQTT311 3.8.3-1]
TEST(subscribe, takes_right_filters_in_subscribe) {
    hold({
        {v5, "82 0f 00 0a 00 00 03 61 2f 62 01 00 03 63 2f 64 02", legal,
         "the standard's example: a/b at QoS 1, c/d at QoS 2"},
        {v311, "82 0e 00 0a 00 03 61 2f 62 01 00 03 63 2f 64 02", legal,
         "the standard's example: a/b at QoS 1, c/d at QoS 2"},
    });
}

// [MQTT5 3.8.3-1] [MQTT311 3.8.3-1]
TEST(subscribe, refuses_wrong_filters_in_subscribe) {
    hold({
        {v5, "82 08 00 0a 00 00 02 61 ff 00", malformed, "ill-formed"},
        {v311, "82 07 00 0a 00 02 61 ff 00", closes, "ill-formed"},
        {v5, "82 0d 00 0a 00 00 01 61 00 00 03 ed a0 80 00", malformed,
         "ill-formed second filter: the whole packet is refused"},
        {v311, "82 0c 00 0a 00 01 61 00 00 03 ed a0 80 00", closes,
         "ill-formed second filter: the whole packet is refused"},
        {v5, "82 07 00 0a 00 00 05 61 00", malformed, "filter longer than the packet"},
        {v311, "82 06 00 0a 00 05 61 00", closes, "filter longer than the packet"},
        {v5, "82 06 00 0a 00 00 01 61", malformed, "filter without options"},
        {v311, "82 05 00 0a 00 01 61", closes, "filter without options"},
    });
}

// [MQTT5 3.8.3-2] [MQTT311 3.8.3-3]
TEST(subscribe, takes_right_number_in_subscribe) {
    hold({
        {v5, "82 09 00 0a 00 00 03 61 2f 62 00", legal, "one filter"},
        {v311, "82 08 00 0a 00 03 61 2f 62 00", legal, "one filter"},
    });
}

// [MQTT5 3.8.3-2] [MQTT311 3.8.3-3]
TEST(subscribe, refuses_wrong_number_in_subscribe) {
    hold({
        {v5, "82 03 00 0a 00", protocol, "none"},
        {v311, "82 02 00 0a", closes, "none"},
    });
}

// [MQTT5 3.8.3-4]
TEST(subscribe, takes_right_no_local_on_a_shared_subscription) {
    hold({
        {v5, "82 07 00 0a 00 00 01 61 04", legal, "No Local on a normal filter"},
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 67 2f 61 01", legal,
         "shared without No Local"},
    });
}

// [MQTT5 3.8.3-4]
TEST(subscribe, refuses_wrong_no_local_on_a_shared_subscription) {
    hold({
        {v5, "82 10 00 0a 00 00 0a 24 73 68 61 72 65 2f 67 2f 61 05", protocol,
         "shared with No Local"},
    });
}

// [MQTT5 3.8.3-5] [MQTT311 3.8.3-4]
TEST(subscribe, takes_right_reserved_bits_of_the_options) {
    hold({
        {v5, "82 07 00 0a 00 00 01 61 2e", legal,
         "QoS 2, No Local, retain as published, retain handling 2"},
        {v311, "82 06 00 0a 00 01 61 02", legal, "QoS 2"},
    });
}

// [MQTT5 3.8.3-5] [MQTT311 3.8.3-4]
TEST(subscribe, refuses_wrong_reserved_bits_of_the_options) {
    hold({
        {v5, "82 07 00 0a 00 00 01 61 40", malformed, "bit 6"},
        {v5, "82 07 00 0a 00 00 01 61 80", malformed, "bit 7"},
        {v5, "82 07 00 0a 00 00 01 61 03", protocol, "QoS 3"},
        {v5, "82 07 00 0a 00 00 01 61 30", protocol, "retain handling 3"},
        {v311, "82 06 00 0a 00 01 61 03", closes, "3.1.1, options 03"},
        {v311, "82 06 00 0a 00 01 61 04", closes, "3.1.1, options 04"},
        {v311, "82 06 00 0a 00 01 61 08", closes, "3.1.1, options 08"},
        {v311, "82 06 00 0a 00 01 61 10", closes, "3.1.1, options 10"},
        {v311, "82 06 00 0a 00 01 61 80", closes, "3.1.1, options 80"},
    });
}

// [MQTT5 3.10.3-1] [MQTT311 3.10.3-1]
TEST(subscribe, takes_right_filters_in_unsubscribe) {
    hold({
        {v5, "a2 0d 00 0a 00 00 03 61 2f 62 00 03 63 2f 64", legal,
         "the standard's example: a/b, c/d"},
        {v311, "a2 0c 00 0a 00 03 61 2f 62 00 03 63 2f 64", legal,
         "the standard's example: a/b, c/d"},
    });
}

// [MQTT5 3.10.3-1] [MQTT311 3.10.3-1]
TEST(subscribe, refuses_wrong_filters_in_unsubscribe) {
    hold({
        {v5, "a2 07 00 0a 00 00 02 61 ff", malformed, "ill-formed"},
        {v311, "a2 06 00 0a 00 02 61 ff", closes, "ill-formed"},
        {v5, "a2 07 00 0a 00 00 01 61 00", malformed, "a byte after the last filter"},
        {v311, "a2 06 00 0a 00 01 61 00", closes, "a byte after the last filter"},
    });
}

// [MQTT5 3.10.3-2] [MQTT311 3.10.3-2]
TEST(subscribe, takes_right_number_in_unsubscribe) {
    hold({
        {v5, "a2 08 00 0a 00 00 03 61 2f 62", legal, "one filter"},
        {v311, "a2 07 00 0a 00 03 61 2f 62", legal, "one filter"},
    });
}

// [MQTT5 3.10.3-2] [MQTT311 3.10.3-2]
TEST(subscribe, refuses_wrong_number_in_unsubscribe) {
    hold({
        {v5, "a2 03 00 0a 00", protocol, "none"},
        {v311, "a2 02 00 0a", closes, "none"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
