// The tree of filters against the slow and obvious matcher, and routes against lists.

#include "route/router.hpp"

#include <nightjar/base/prng.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "session/session.hpp"

namespace nightjar::broker {
namespace {

class silent final : public log_sink {
    void write(log_config::type, std::string_view) noexcept override {}
};

/// Sessions need a context to live in; routing itself does not.
struct bench {
    silent sink;
    event_log log{sink, 0};
    broker_config how;
    io::loop loop{std::move(*io::make_epoll_engine())};
    context at{loop, how, 0, 3, log};
};

constexpr std::uint64_t seeds = 300;

/// A name, or a filter, of a few levels from a small alphabet, so that they often match.
std::string any_topic(prng& random, bool with_wildcards) {
    static constexpr std::string_view plain[] = {"a", "b", "", "$x", "+"};
    std::string text;
    for (std::uint64_t left = 1 + random.uniform(5); left != 0; --left) {
        text += plain[random.uniform(with_wildcards ? 5 : 4)];
        if (left != 1) text += '/';
    }
    if (with_wildcards && random.chance(0.3)) text += "/#";
    return text.empty() ? "a" : text;
}

std::set<std::string> any_topics(prng& random, bool with_wildcards) {
    std::set<std::string> all;
    for (std::uint64_t left = random.uniform(40); left != 0; --left)
        all.insert(any_topic(random, with_wildcards));
    return all;
}

struct word {
    std::string text;
    bool is_empty() const { return text.empty(); }
};

TEST(topic_tree, finds_the_filters_that_match_and_no_others) {
    for (std::uint64_t seed = 0; seed != seeds; ++seed) {
        SCOPED_TRACE(seed);
        prng random{seed};
        const auto filters = any_topics(random, true), removed = any_topics(random, true);
        const auto name = any_topic(random, false);
        topic_tree<word> tree;
        for (const auto& one : filters) tree.insert(one)->value.text = one;
        std::set<std::string> expected, found;
        for (const auto& one : filters) {
            if (removed.contains(one)) {
                auto* at = tree.find(one);
                at->value.text.clear();
                tree.prune(at);
            } else if (mqtt::matches(one, name)) {
                expected.insert(one);
            }
        }
        tree.for_matching_filters(name, [&](const word& w) {
            if (w.is_empty()) return;
            EXPECT_TRUE(found.insert(w.text).second) << w.text;
        });
        ASSERT_EQ(found, expected) << name;
    }
}

TEST(topic_tree, finds_the_names_that_a_filter_matches_and_no_others) {
    for (std::uint64_t seed = 0; seed != seeds; ++seed) {
        SCOPED_TRACE(seed);
        prng random{seed};
        const auto names = any_topics(random, false);
        const auto filter = any_topic(random, true);
        topic_tree<word> tree;
        for (const auto& one : names) tree.insert(one)->value.text = one;
        std::set<std::string> expected, found;
        for (const auto& one : names)
            if (mqtt::matches(filter, one)) expected.insert(one);
        tree.for_matching_names(filter, [&](const topic_tree<word>::node& at) {
            if (at.value.is_empty()) return;
            EXPECT_TRUE(found.insert(at.value.text).second) << at.value.text;
            EXPECT_EQ(topic_tree<word>::text_of(&at), at.value.text);
        });
        ASSERT_EQ(found, expected) << filter;
    }
}

TEST(topic_tree, gives_its_nodes_back) {
    topic_tree<word> tree;
    for (int i = 0; i != 1000; ++i) tree.insert("a/b/" + std::to_string(i))->value.text = "x";
    EXPECT_EQ(tree.size(), 1002U);
    for (int i = 0; i != 1000; ++i) {
        auto* at = tree.find("a/b/" + std::to_string(i));
        at->value.text.clear();
        tree.prune(at);
    }
    EXPECT_EQ(tree.size(), 0U);
}

TEST(topic_tree, refuses_what_does_not_fit_and_keeps_no_part_of_it) {
    topic_tree<word> tree{4};  // the root is one of them
    tree.insert("a/b")->value.text = "x";
    EXPECT_EQ(tree.insert("a/c/d"), nullptr);
    EXPECT_EQ(tree.size(), 2U);
    EXPECT_NE(tree.insert("a/c"), nullptr);
}

using wishes = std::map<std::pair<std::string, std::size_t>, mqtt::qos>;

/// What a list of subscriptions says: the best QoS of each session that wants the topic.
std::map<std::size_t, mqtt::qos> listed(const wishes& model, const std::string& name) {
    std::map<std::size_t, mqtt::qos> best;
    for (const auto& [key, maximum] : model) {
        if (!mqtt::matches(key.first, name)) continue;
        auto& held = best.emplace(key.second, maximum).first->second;
        held = std::max(held, maximum);
    }
    return best;
}

/// Random subscriptions of a few sessions, held against a list.
TEST(router, routes_as_a_list_of_subscriptions_would) {
    for (std::uint64_t seed = 0; seed != seeds / 10; ++seed) {
        SCOPED_TRACE(seed);
        prng random{seed};
        bench b;
        std::vector<std::unique_ptr<session>> sessions;
        for (unsigned i = 0; i != 4; ++i)
            sessions.push_back(std::make_unique<session>(b.at, "c" + std::to_string(i), i));
        router& tested = b.at.subscriptions;
        wishes model;
        const auto names = any_topics(random, false);
        for (int step = 0; step != 60; ++step) {
            const std::string filter = any_topic(random, true);
            const std::size_t who = random.uniform(4);
            const auto level = static_cast<mqtt::qos>(random.uniform(3));
            if (random.chance(0.7)) {
                const subscriber wish{.who = sessions[who].get(), .maximum = level};
                ASSERT_EQ(tested.subscribe(*tested.place(filter), wish),
                          !model.contains({filter, who}));
                model[{filter, who}] = level;
            } else if (auto* at = tested.find(filter)) {
                ASSERT_EQ(tested.unsubscribe(*at, *sessions[who]), model.erase({filter, who}) == 1);
                tested.prune(at);
            }
            for (const auto& name : names) {
                std::map<std::size_t, mqtt::qos> found;
                for (const target& one : tested.find_route(name).local)
                    ASSERT_TRUE(found.emplace(one.who->serial(), one.maximum).second) << "twice";
                ASSERT_EQ(found, listed(model, name)) << name;
            }
        }
        ASSERT_EQ(tested.subscriptions(), model.size());
    }
}

TEST(router, knows_which_workers_want_a_topic) {
    bench b;
    router& tested = b.at.subscriptions;
    tested.set_interest("a/+", 1, true);
    tested.set_interest("a/b", 2, true);
    EXPECT_EQ(tested.find_route("a/b").workers, 0b110U);
    EXPECT_EQ(tested.find_route("a/c").workers, 0b010U);
    tested.set_interest("a/+", 1, false);
    EXPECT_EQ(tested.find_route("a/b").workers, 0b100U);
    EXPECT_EQ(tested.find_route("a/c").workers, 0U);
    tested.set_interest("a/b", 2, false);
    EXPECT_EQ(tested.filters(), 0U);
}

TEST(router, merges_overlapping_subscriptions_into_one_copy) {
    // [MQTT5 3.3.4-2]: the highest QoS; all identifiers [MQTT5 3.3.4-3]
    bench b;
    session s{b.at, "c", 1};
    router& tested = b.at.subscriptions;
    tested.subscribe(*tested.place("a/#"),
                     {.who = &s, .identifier = 3, .maximum = mqtt::qos::exactly_once});
    tested.subscribe(
        *tested.place("a/b"),
        {.who = &s, .identifier = 4, .maximum = mqtt::qos::at_most_once, .no_local = true});
    const route& to = tested.find_route("a/b");
    ASSERT_EQ(to.local.size(), 1U);
    EXPECT_EQ(to.local[0].maximum, mqtt::qos::exactly_once);
    EXPECT_FALSE(to.local[0].no_local);
    EXPECT_EQ(to.local[0].identifiers.size(), 2U);
}

}  // namespace
}  // namespace nightjar::broker
