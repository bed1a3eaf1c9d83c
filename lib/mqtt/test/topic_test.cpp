// Topic names and filters as text. [MQTT-5 4.7]

#include <gtest/gtest.h>

#include <string>

#include <nightjar/mqtt/topic.hpp>

namespace nightjar::mqtt {
namespace {

struct pair {
    std::string_view filter, name;
    bool expected;
};

// The standard's own examples first. [MQTT-5 4.7.1.2, 4.7.1.3, 4.7.2]
TEST(topic, matches) {
    const pair all[] = {
        {"sport/tennis/player1/#", "sport/tennis/player1", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
        {"sport/#", "sport", true},
        {"#", "sport", true},
        {"#", "/", true},
        {"sport/tennis/+", "sport/tennis/player1", true},
        {"sport/tennis/+", "sport/tennis/player1/ranking", false},
        {"sport/+", "sport", false},
        {"sport/+", "sport/", true},
        {"+/+", "/finance", true},
        {"/+", "/finance", true},
        {"+", "/finance", false},
        {"#", "$SYS/monitor", false},
        {"+/monitor/Clients", "$SYS/monitor/Clients", false},
        {"$SYS/#", "$SYS/monitor", true},
        {"$SYS/monitor/+", "$SYS/monitor/Clients", true},
        {"ACCOUNTS", "Accounts", false},
        {"/finance", "finance", false},
        {"a/b", "a/b", true},
        {"a/b", "a/b/c", false},
        {"a/b/c", "a/b", false},
        {"a/+/c", "a//c", true},
        {"a/+/#", "a", false},
        {"a/+/#", "a/b", true},
        {"+/#", "a", true},
        {"/#", "a", false},
        {"/#", "/", true},
        {"a/#", "ab", false},
        {"a", "", false},
    };
    for (const pair& it : all)
        EXPECT_EQ(matches(it.filter, it.name), it.expected) << it.filter << " | " << it.name;
}

TEST(topic, shared_filters_are_taken_apart) {
    const auto parts = shared("$share/group//a/#");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->group, "group");
    EXPECT_EQ(parts->filter, "/a/#");
    for (const std::string_view plain :
         {"$share", "$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/g#/a",
          "$sharex/g/a", "share/g/a", "$SHARE/g/a", ""})
        EXPECT_FALSE(shared(plain)) << plain;
}

TEST(topic, levels_are_walked) {
    const auto walked = [](std::string_view text) {
        std::string seen;
        for (levels at{text}; at; ++at)
            seen += "[" + std::string(*at) + (at.is_last() ? "]." : "]");
        return seen;
    };
    EXPECT_EQ(walked("a/bc//d"), "[a][bc][][d].");
    EXPECT_EQ(walked("/"), "[][].");
    EXPECT_EQ(walked(""), "[].");
}

/// Slow and obvious, for each length and position: eight bytes at a time must see what one at a
/// time sees.
TEST(topic, one_bad_byte_is_seen_wherever_it_stands) {
    for (std::size_t size = 1; size <= 40; ++size)
        for (std::size_t at = 0; at < size; ++at) {
            std::string name(size, 'a');
            for (const char bad : {'+', '#', '\0', '\x80', '\xC1', '\xFF'}) {
                name[at] = bad;
                EXPECT_FALSE(is_topic_name(name, {})) << size << ' ' << at << ' ' << int{bad};
                EXPECT_EQ(is_utf8(name), bad == '+' || bad == '#')
                    << size << ' ' << at << ' ' << int{bad};
            }
            for (const char good :
                 {'/', '\x01', '\x7F', '\x22', '\x24', '\x2A', '\x2C', '\x03', '\x0B'}) {
                name[at] = good;
                EXPECT_TRUE(is_topic_name(name, {})) << size << ' ' << at << ' ' << int{good};
            }
        }
}

/// What Unicode says of code points, for all of them and for a few that are none.
TEST(topic, utf8_takes_every_code_point_but_surrogates_and_null) {
    for (unsigned point = 0; point < 0x120000; ++point) {
        std::string text;
        const auto tail = [&](unsigned shift) {
            text += static_cast<char>(0x80 | (point >> shift & 0x3F));
        };
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += static_cast<char>(0xC0 | point >> 6);
            tail(0);
        } else if (point < 0x10000) {
            text += static_cast<char>(0xE0 | point >> 12);
            tail(6), tail(0);
        } else {
            text += static_cast<char>(0xF0 | point >> 18);
            tail(12), tail(6), tail(0);
        }
        const bool right = point != 0 && point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
        ASSERT_EQ(is_utf8(text), right) << point;
    }
}

TEST(topic, utf8_refuses_overlong_forms) {
    for (unsigned point = 0; point < 0x80; ++point) {
        const char low = static_cast<char>(0x80 | (point & 0x3F));
        const char high = static_cast<char>(0x80 | point >> 6);
        EXPECT_FALSE(is_utf8(std::string{static_cast<char>(0xC0 | point >> 6), low}));
        EXPECT_FALSE(is_utf8(std::string{'\xE0', high, low}));
        EXPECT_FALSE(is_utf8(std::string{'\xF0', '\x80', high, low}));
    }
    EXPECT_FALSE(is_utf8("\xE0\x9F\xBF"));
    EXPECT_FALSE(is_utf8("\xF0\x8F\xBF\xBF"));
    EXPECT_FALSE(is_utf8("\xF8\x88\x80\x80\x80"));
}

}  // namespace
}  // namespace nightjar::mqtt
