// Where a byte has 16 or 256 values, all of them: flags of the first byte, reason codes,
// subscription options.

#include "examples.hpp"

#include <algorithm>

namespace nightjar::mqtt {
namespace {

bool is_refused(bytes_view raw, version v) {
    return std::holds_alternative<reason>(decode(raw, v, {}));
}

bool is_first_byte(unsigned type, unsigned flags, version v) {
    if (type == 0 || (type == 15 && v != v5)) return false;
    if (type == 3) return (flags >> 1 & 3) != 3 && (flags & 0b1110) != 0b1000;
    if (type == 6 || type == 8 || type == 10) return flags == 2 || (flags == 10 && v == v31);
    return flags == 0;
}

// [MQTT5 2.1.3-1] [MQTT311 2.2.2-1] [MQTT311 2.2.2-2] [MQTT5 3.3.1-4] [MQTT311 3.3.1-4]
// [MQTT5 3.3.1-2] [MQTT311 3.3.1-2] [MQTT5 3.6.1-1] [MQTT311 3.6.1-1] [MQTT5 3.8.1-1]
// [MQTT311 3.8.1-1] [MQTT5 3.10.1-1] [MQTT311 3.10.1-1] [MQTT5 3.14.1-1] [MQTT311 3.14.1-1]
// [MQTT5 3.15.1-1]
TEST(every_value, first_byte_is_refused_at_once) {
    for (const version v : {v31, v311, v5})
        for (unsigned first = 0; first < 256; ++first) {
            const byte raw[] = {static_cast<byte>(first)};
            EXPECT_EQ(is_refused(raw, v), !is_first_byte(first >> 4, first & 15, v)) << hex(raw);
        }
}

/// Whoever cuts first and reads then gets the same answer: what cut_packet() lets through, read()
/// refuses.
TEST(every_value, flags_of_requests_in_two_steps) {
    for (const version v : {v31, v311, v5})
        for (unsigned flags = 0; flags < 16; ++flags) {
            const byte raw[] = {static_cast<byte>(0x60 | flags), 2, 0, 1};
            const cutting found = cut_packet(raw, {});
            pubrel target;
            const bool taken = found.what == cut::whole && !read(found.packet, v, {}, target);
            EXPECT_EQ(taken, is_first_byte(6, flags, v)) << flags;
        }
}

struct codes_of {
    std::string_view before, codes, after;
};

// [MQTT5 3.2.2-8] [MQTT5 3.4.2-1] [MQTT5 3.5.2-1] [MQTT5 3.6.2-1] [MQTT5 3.7.2-1] [MQTT5 3.9.3-2]
// [MQTT5 3.11.3-2] [MQTT5 3.14.2-1] [MQTT5 3.15.2-1]
TEST(every_value, reason_codes) {
    const codes_of all[] = {
        {"20 03 00", "00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f", "00"},
        {"40 03 00 01", "00 10 80 83 87 90 91 97 99", ""},
        {"50 03 00 01", "00 10 80 83 87 90 91 97 99", ""},
        {"62 03 00 01", "00 92", ""},
        {"70 03 00 01", "00 92", ""},
        {"90 04 00 01 00", "00 01 02 80 83 87 8f 91 97 9e a1 a2", ""},
        {"b0 04 00 01 00", "00 11 80 83 87 8f 91", ""},
        // 8c is in table 2-6, though not in table 3-10.
        {"e0 01",
         "00 04 80 81 82 83 87 89 8b 8c 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 "
         "a2",
         ""},
        {"f0 06", "00 18 19", "04 15 00 01 'm'"},
    };
    for (const codes_of& it : all) {
        const std::vector<byte> right = unhex(it.codes);
        for (unsigned code = 0; code < 256; ++code) {
            const byte raw = static_cast<byte>(code);
            const exact one{std::string(it.before) + " " + hex({&raw, 1}) + " " +
                            std::string(it.after)};
            const bool expected = std::find(right.begin(), right.end(), raw) != right.end();
            EXPECT_EQ(!is_refused(one, v5), expected) << hex(one);
        }
    }
}

// [MQTT5 3.8.3-5] [MQTT311 3.8.3-4]
TEST(every_value, subscription_options) {
    for (unsigned options = 0; options < 256; ++options) {
        const bool right = (options & 3) != 3 && (options >> 4 & 3) != 3 && options < 64;
        const exact raw{std::vector<byte>{0x82, 7, 0, 1, 0, 0, 1, 'a', static_cast<byte>(options)}};
        EXPECT_EQ(!is_refused(raw, v5), right) << options;
        const exact old{std::vector<byte>{0x82, 6, 0, 1, 0, 1, 'a', static_cast<byte>(options)}};
        EXPECT_EQ(!is_refused(old, v311), options < 3) << options;
    }
}

// [MQTT311 3.9.3-2]
TEST(every_value, suback_codes_of_3_1_1) {
    for (unsigned code = 0; code < 256; ++code) {
        const byte raw[] = {0x90, 3, 0, 1, static_cast<byte>(code)};
        EXPECT_EQ(!is_refused(raw, v311), code < 3 || code == 0x80) << code;
    }
}

/// 3.1.1 has bits of its own for what 3.1 leaves unused.
TEST(every_value, connect_flags) {
    for (unsigned flags = 0; flags < 256; ++flags) {
        std::vector<byte> body = unhex("00 04 'MQTT' 04 00 00 00 00 01 'c'");
        body[7] = static_cast<byte>(flags);
        const std::vector<byte> field = unhex("00 01 'x'");
        const bool has_will = flags & 4;
        for (const bool has : {has_will, has_will, (flags & 0x80) != 0, (flags & 0x40) != 0})
            if (has) body.insert(body.end(), field.begin(), field.end());
        body.insert(body.begin(), {0x10, static_cast<byte>(body.size())});
        const unsigned level = flags >> 3 & 3;
        const bool will_right = has_will ? level != 3 : (flags & 0x38) == 0;
        const bool right = !(flags & 1) && will_right && (flags & 0xC0) != 0x40;
        EXPECT_EQ(!is_refused(exact{body}, v311), right) << flags;
    }
}

TEST(every_value, has_a_name) {
    EXPECT_EQ(describe(reason::not_authorized), "not authorized");
    EXPECT_EQ(describe(static_cast<reason>(0x7F)), "unknown reason");
    EXPECT_EQ(describe(packet_type::publish), "PUBLISH");
    EXPECT_EQ(name_of(property_id::message_expiry_interval), "message-expiry-interval");
}

}  // namespace
}  // namespace nightjar::mqtt
