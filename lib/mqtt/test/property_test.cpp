// From the standard: string pairs, property length 0.

#include "examples.hpp"

namespace nightjar::mqtt {
namespace {

// [MQTT5 1.5.7-1]
TEST(property, takes_right_string_pairs) {
    hold({
        {v5, "30 0e 00 03 61 2f 62 07 26 00 01 6b 00 01 76 78", legal, "k = v"},
        {v5, "30 0c 00 03 61 2f 62 05 26 00 00 00 00 78", legal, "both empty"},
        {v5, "30 15 00 03 61 2f 62 0e 26 00 01 6b 00 01 76 26 00 01 6b 00 01 76 78", legal,
         "the same pair twice, order kept"},
    });
}

// [MQTT5 1.5.7-1]
TEST(property, refuses_wrong_string_pairs) {
    hold({
        {v5, "30 0e 00 03 61 2f 62 07 26 00 01 ff 00 01 76 78", malformed, "ill-formed name"},
        {v5, "30 10 00 03 61 2f 62 09 26 00 01 6b 00 03 ed a0 80 78", malformed,
         "ill-formed value"},
        {v5, "30 0e 00 03 61 2f 62 07 26 00 01 6b 00 01 00 78", malformed, "U+0000 in the value"},
        {v5, "30 0b 00 03 61 2f 62 04 26 00 01 6b 78", malformed, "name without value"},
    });
}

// [MQTT5 2.2.2-1]
TEST(property, takes_right_property_length_0) {
    hold({
        {v5, "30 07 00 03 61 2f 62 00 78", legal, "PUBLISH with property length 0"},
        {v5, "10 0e 00 04 4d 51 54 54 05 02 00 3c 00 00 01 63", legal,
         "CONNECT with property length 0"},
        {v5, "82 09 00 0a 00 00 03 61 2f 62 00", legal, "SUBSCRIBE with property length 0"},
        {v5, "40 02 00 0a", legal, "PUBACK of remaining length 2"},
        {v5, "40 03 00 0a 10", legal, "PUBACK of remaining length 3"},
        {v5, "40 04 00 0a 10 00", other_form, "PUBACK of remaining length 4"},
        {v5, "e0 00", legal, "DISCONNECT of remaining length 0"},
        {v5, "e0 01 04", legal, "DISCONNECT of remaining length 1"},
        {v5, "e0 02 04 00", other_form, "DISCONNECT of remaining length 2"},
    });
}

// [MQTT5 2.2.2-1]
TEST(property, refuses_wrong_property_length_0) {
    hold({
        {v5, "30 05 00 03 61 2f 62", malformed, "PUBLISH that ends after its topic"},
        {v5, "10 0a 00 04 4d 51 54 54 05 02 00 3c", malformed,
         "CONNECT that ends after keep alive"},
        {v5, "20 02 00 00", malformed, "CONNACK without property length"},
        {v5, "82 02 00 0a", malformed, "SUBSCRIBE that ends after its identifier"},
        {v5, "30 08 00 03 61 2f 62 05 01 00", malformed,
         "property length beyond the end of the packet"},
    });
}

TEST(property, takes_right_property_rules) {
    hold({
        {v5,
         "10 31 00 04 4d 51 54 54 05 02 00 3c 23 11 ff ff ff ff 21 00 01 27 00 00 00 01 22 00 00 "
         "19 01 17 00 26 00 01 6b 00 01 76 15 00 01 6d 16 00 01 64 00 01 63",
         legal, "every CONNECT property"},
        {v5, "82 0e 00 0a 05 0b ff ff ff 7f 00 03 61 2f 62 00", legal,
         "SUBSCRIBE: the largest subscription identifier"},
    });
}

TEST(property, refuses_wrong_property_rules) {
    hold({
        {v5, "10 10 00 04 4d 51 54 54 05 02 00 3c 02 7f 00 00 01 63", malformed,
         "unknown identifier 7f"},
        {v5, "10 11 00 04 4d 51 54 54 05 02 00 3c 03 23 00 01 00 01 63", malformed,
         "topic alias in CONNECT"},
        {v5, "10 14 00 04 4d 51 54 54 05 02 00 3c 06 91 00 00 00 00 01 00 01 63", malformed,
         "identifier 11 in two bytes"},
        {v5, "10 18 00 04 4d 51 54 54 05 02 00 3c 0a 11 00 00 00 01 11 00 00 00 01 00 01 63",
         protocol, "session expiry twice"},
        {v5, "10 11 00 04 4d 51 54 54 05 02 00 3c 03 21 00 00 00 01 63", protocol,
         "receive maximum 0"},
        {v5, "10 13 00 04 4d 51 54 54 05 02 00 3c 05 27 00 00 00 00 00 01 63", protocol,
         "maximum packet size 0"},
        {v5, "10 10 00 04 4d 51 54 54 05 02 00 3c 02 19 02 00 01 63", protocol,
         "request response information 2"},
        {v5, "10 10 00 04 4d 51 54 54 05 02 00 3c 02 17 02 00 01 63", protocol,
         "request problem information 2"},
        {v5, "10 12 00 04 4d 51 54 54 05 02 00 3c 04 16 00 01 64 00 01 63", protocol,
         "authentication data without method"},
        {v5, "10 10 00 04 4d 51 54 54 05 02 00 3c 02 11 00 00 01 63", malformed,
         "session expiry cut by the property length"},
        {v5, "20 05 00 00 02 24 02", protocol, "CONNACK: maximum QoS 2"},
        {v5, "20 05 00 00 02 25 02", protocol, "CONNACK: retain available 2"},
        {v5, "20 05 00 00 02 28 02", protocol, "CONNACK: wildcard available 2"},
        {v5, "20 05 00 00 02 29 02", protocol, "CONNACK: subscription identifier available 2"},
        {v5, "20 05 00 00 02 2a 02", protocol, "CONNACK: shared available 2"},
        {v5, "20 06 00 00 03 21 00 00", protocol, "CONNACK: receive maximum 0"},
        {v5, "30 09 00 03 61 2f 62 02 01 02 78", protocol, "payload format indicator 2"},
        {v5, "82 0b 00 0a 02 0b 00 00 03 61 2f 62 00", protocol,
         "SUBSCRIBE: subscription identifier 0"},
        {v5, "82 0d 00 0a 04 0b 01 0b 01 00 03 61 2f 62 00", protocol,
         "SUBSCRIBE: subscription identifier twice"},
    });
}

}  // namespace
}  // namespace nightjar::mqtt
