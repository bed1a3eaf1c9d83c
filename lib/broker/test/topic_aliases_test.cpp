#include "connection/topic_aliases.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nightjar::broker {
namespace {

std::string topic_of(int number) { return "plant/" + std::to_string(number); }

/// As a connection does it; true where the whole topic travels.
bool sends_topic(sent_aliases& to, const std::string& topic) {
    const auto chosen = to.choose(topic);
    if (chosen.is_new) to.define(chosen.number, topic);
    return chosen.number == 0 || chosen.is_new;
}

TEST(sent_aliases, the_second_message_of_a_topic_travels_without_it) {
    sent_aliases all{10};
    for (int i = 0; i != 10; ++i) {
        const auto first = all.choose(topic_of(i));
        EXPECT_EQ(first.number, i + 1);
        EXPECT_TRUE(first.is_new);
        all.define(first.number, topic_of(i));
    }
    for (int i = 0; i != 10; ++i) {
        const auto again = all.choose(topic_of(i));
        EXPECT_EQ(again.number, i + 1);
        EXPECT_FALSE(again.is_new);
    }
    EXPECT_EQ(all.choose("another/topic").number, 0) << "no number is free";
}

TEST(sent_aliases, what_was_not_written_is_not_defined) {
    sent_aliases all{1};
    EXPECT_TRUE(all.choose("plant/1").is_new);
    EXPECT_TRUE(all.choose("plant/1").is_new);
    EXPECT_TRUE(all.choose("plant/2").is_new) << "the number is still free";
}

TEST(sent_aliases, a_short_topic_costs_less_than_its_alias) {
    sent_aliases all{1};
    EXPECT_EQ(all.choose("a/b").number, 0);
    EXPECT_EQ(all.choose("a/bc").number, 1);
}

/// More topics than numbers, in turn: definitions must not become the rule.
TEST(sent_aliases, many_topics_in_turn_rarely_change_a_number) {
    sent_aliases all{10};
    int definitions = 0;
    constexpr int messages = 20'000;
    for (int i = 0; i != messages; ++i) {
        const std::string topic = topic_of(i % 500);
        const auto chosen = all.choose(topic);
        if (!chosen.is_new) continue;
        ++definitions;
        all.define(chosen.number, topic);
    }
    EXPECT_LT(definitions, messages / 5);
}

TEST(sent_aliases, new_topics_take_over_from_those_that_fell_silent) {
    sent_aliases all{10};
    for (int i = 0; i != 10; ++i) sends_topic(all, topic_of(i));
    int whole = 0;
    constexpr int messages = 2000;
    for (int i = 0; i != messages; ++i) whole += sends_topic(all, topic_of(100 + i % 10));
    EXPECT_LT(whole, messages / 4);
}

TEST(sent_aliases, a_number_means_one_topic_only) {
    sent_aliases all{3};
    std::string meaning[3];
    for (int i = 0; i != 5000; ++i) {
        const std::string topic = topic_of(i * i % 37 % (1 + i / 500));
        const auto chosen = all.choose(topic);
        if (chosen.number == 0) continue;
        std::string& known = meaning[chosen.number - 1];
        if (chosen.is_new) {
            all.define(chosen.number, topic);
            known = topic;
        }
        EXPECT_EQ(known, topic) << i;
    }
}

TEST(sent_aliases, bytes_are_bounded) {
    sent_aliases all{65535};
    for (int i = 0; i != 100; ++i) sends_topic(all, std::string(65'000, 'a') + std::to_string(i));
    EXPECT_LE(all.memory(), sent_alias_bytes_max + 100 * 200);
}

TEST(received_aliases, mean_what_was_said_last) {
    received_aliases all;
    EXPECT_EQ(all.find(1), "");
    EXPECT_TRUE(all.define(7, "a"));
    EXPECT_TRUE(all.define(2, "b"));
    EXPECT_EQ(all.find(7), "a");
    EXPECT_EQ(all.find(2), "b");
    EXPECT_EQ(all.find(1), "");
    EXPECT_EQ(all.find(8), "");
    EXPECT_TRUE(all.define(7, "c"));
    EXPECT_EQ(all.find(7), "c");
}

TEST(received_aliases, bytes_are_bounded) {
    received_aliases all;
    const std::string long_topic(65'535, 'a');
    int taken = 0;
    while (taken != 100 && all.define(static_cast<std::uint16_t>(taken + 1), long_topic)) ++taken;
    EXPECT_EQ(taken, 16);
    EXPECT_TRUE(all.define(1, "short")) << "a shorter name makes room";
    EXPECT_TRUE(all.define(17, std::string(1000, 'a')));
}

}  // namespace
}  // namespace nightjar::broker
