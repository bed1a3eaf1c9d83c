// Limits: MQTT's own and the receiver's.

#include "examples.hpp"

#include <nightjar/mqtt/topic.hpp>

namespace nightjar::mqtt {
namespace {

std::string verdict_on(bytes_view raw, version v, const limits& max) {
    return describe(decode(raw, v, max));
}

/// A PUBLISH of 3.1.1 with this remaining length.
publish with_remaining_length(std::size_t size, const std::vector<byte>& zeros) {
    return {.topic = "abc", .payload = bytes_view{zeros}.first(size - 5)};
}

// [MQTT5 1.5.5-1]
TEST(limits, remaining_length_is_as_short_as_it_can_be) {
    const std::vector<byte> zeros(2'100'000);
    const std::pair<std::size_t, std::string_view> borders[] = {
        {127, "30 7f"},          {128, "30 80 01"},          {16'383, "30 ff 7f"},
        {16'384, "30 80 80 01"}, {2'097'151, "30 ff ff 7f"}, {2'097'152, "30 80 80 80 01"},
    };
    std::vector<byte> room(2'200'000);
    for (const auto& [size, head] : borders) {
        fixed_output out{room};
        const publish p = with_remaining_length(size, zeros);
        ASSERT_TRUE(encode(p, v311, out));
        const auto front = unhex(head);
        EXPECT_EQ(hex(out.written().first(front.size())), head);
        EXPECT_EQ(out.written().size(), front.size() + size);
        EXPECT_EQ(size_of(p, v311), front.size() + size);
        EXPECT_EQ(only<publish>(out.written(), v311).payload.size(), size - 5);
    }
}

TEST(limits, nothing_beyond_the_largest_packet_is_written) {
    byte at{};
    // Never looked at: only its size counts.
    const bytes_view far_too_much{&at, 268'435'456 - 5};
    const publish p{.topic = "abc", .payload = far_too_much};
    byte room[64];
    fixed_output out{room};
    EXPECT_FALSE(encode(p, v311, out));
    EXPECT_GT(size_of(p, v311), 268'435'460u);
    EXPECT_EQ(encode_head(p, v311, room).size, 0u);
    const publish fits{.topic = "abc", .payload = far_too_much.first(268'435'455 - 5)};
    EXPECT_EQ(size_of(fits, v311), 268'435'460u);
    EXPECT_EQ(encode_head(fits, v311, room).size, 10u);
    EXPECT_EQ(hex(bytes_view{room}.first(10)), "30 ff ff ff 7f 00 03 61 62 63");
}

// [MQTT5 4.7.3-3] [MQTT311 4.7.3-3]
TEST(limits, topic_of_65535_bytes_but_not_of_65536) {
    const std::string longest(65'535, 'a'), longer(65'536, 'a');
    for (const version v : {v311, v5}) {
        const std::vector<byte> raw = encoded(publish{.topic = longest}, v);
        EXPECT_EQ(hex(bytes_view{raw}.subspan(4, 2)), "ff ff");
        EXPECT_EQ(only<publish>(raw, v).topic, longest);
        std::vector<byte> room(70'000);
        fixed_output out{room};
        EXPECT_FALSE(encode(publish{.topic = longer}, v, out));
        EXPECT_TRUE(out.written().empty());
    }
    EXPECT_TRUE(is_topic_name(longest, {}) && is_topic_filter(longest, {}));
    EXPECT_FALSE(is_topic_name(longer, {}) || is_topic_filter(longer, {}));
}

TEST(limits, packet_max) {
    limits max;
    max.packet_max = 8;
    const exact raw{"30 06 00 03 'a/b' 'x'"};
    EXPECT_EQ(verdict_on(raw, v311, max), "packet of 8");
    max.packet_max = 7;
    EXPECT_EQ(verdict_on(raw, v311, max), "reason 0x95 packet too large");
    EXPECT_EQ(verdict_on(exact{"30 06"}, v311, max), "reason 0x95 packet too large") << "at once";
    EXPECT_EQ(verdict_on(exact{"30"}, v311, max), "need 1");
}

TEST(limits, topic_levels_max) {
    limits max;
    max.topic_levels_max = 3;
    EXPECT_TRUE(is_topic_name("a/b/c", max));
    EXPECT_FALSE(is_topic_name("a/b/c/", max));
    EXPECT_TRUE(is_topic_filter("+/b/#", max));
    EXPECT_FALSE(is_topic_filter("a/+/c/#", max));
    EXPECT_EQ(verdict_on(exact{"30 09 00 07 'a/b/c/d'"}, v311, max),
              "reason 0x90 topic name invalid");
    EXPECT_EQ(verdict_on(exact{"82 0c 00 01 00 07 'a/b/c/d' 00"}, v311, max),
              "reason 0x8f topic filter invalid");
    std::string deep(398, '/');
    EXPECT_FALSE(is_topic_name(deep, {}));
    EXPECT_TRUE(is_topic_name(deep.substr(0, 199), {})) << "200 empty levels";
    EXPECT_FALSE(is_topic_name(deep.substr(0, 200), {}));
}

TEST(limits, topic_bytes_max) {
    limits max;
    max.topic_bytes_max = 4;
    EXPECT_EQ(verdict_on(exact{"30 06 00 04 'abcd'"}, v311, max), "packet of 8");
    EXPECT_EQ(verdict_on(exact{"30 07 00 05 'abcde'"}, v311, max),
              "reason 0x90 topic name invalid");
}

TEST(limits, user_properties_max) {
    limits max;
    max.user_properties_max = 1;
    EXPECT_EQ(verdict_on(exact{"30 0b 00 01 'a' 07 26 00 01 'k' 00 01 'v'"}, v5, max),
              "packet of 13");
    EXPECT_EQ(
        verdict_on(exact{"30 10 00 01 'a' 0c 26 00 01 'k' 00 01 'v' 26 00 00 00 00"}, v5, max),
        "reason 0x97 quota exceeded");
}

TEST(limits, output_without_room_gets_nothing) {
    byte room[7];
    fixed_output out{room};
    EXPECT_FALSE(encode(publish{.topic = "a/b", .payload = as_bytes("x")}, v311, out));
    EXPECT_FALSE(encode(connect{.client_id = "c"}, out));
    EXPECT_TRUE(out.written().empty());
    EXPECT_TRUE(encode(publish{.topic = "a/b"}, v311, out));
    EXPECT_EQ(hex(out.written()), "30 05 00 03 61 2f 62");
}

}  // namespace
}  // namespace nightjar::mqtt
