// The tree of filters against the slow and obvious matcher, and routes against lists.

#include "route/router.hpp"

#include <nightjar/mqtt/topic.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

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

rc::Gen<std::string> topics(bool with_wildcards) {
    const auto level = with_wildcards ? rc::gen::element<std::string>("a", "b", "", "$x", "+")
                                      : rc::gen::element<std::string>("a", "b", "", "$x");
    return rc::gen::map(
        rc::gen::pair(rc::gen::resize(5, rc::gen::nonEmpty(
                                             rc::gen::container<std::vector<std::string>>(level))),
                      rc::gen::inRange(0, with_wildcards ? 3 : 1)),
        [](const auto& drawn) {
            std::string text;
            for (std::size_t i = 0; i != drawn.first.size(); ++i) {
                if (i != 0) text += '/';
                text += drawn.first[i];
            }
            if (drawn.second == 2) text += "/#";
            if (text.empty()) text = "a";
            return text;
        });
}

struct word {
    std::string text;
    bool is_empty() const { return text.empty(); }
};

RC_GTEST_PROP(topic_tree, finds_the_filters_that_match_and_no_others, ()) {
    const auto filters = *rc::gen::container<std::set<std::string>>(topics(true));
    const auto removed = *rc::gen::container<std::set<std::string>>(topics(true));
    const auto name = *topics(false);
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
        if (!w.is_empty()) RC_ASSERT(found.insert(w.text).second);
    });
    RC_ASSERT(found == expected);
}

RC_GTEST_PROP(topic_tree, finds_the_names_that_a_filter_matches_and_no_others, ()) {
    const auto names = *rc::gen::container<std::set<std::string>>(topics(false));
    const auto filter = *topics(true);
    topic_tree<word> tree;
    for (const auto& one : names) tree.insert(one)->value.text = one;
    std::set<std::string> expected, found;
    for (const auto& one : names)
        if (mqtt::matches(filter, one)) expected.insert(one);
    tree.for_matching_names(filter, [&](const topic_tree<word>::node& at) {
        if (!at.value.is_empty()) RC_ASSERT(found.insert(at.value.text).second);
        if (!at.value.is_empty()) RC_ASSERT(topic_tree<word>::text_of(&at) == at.value.text);
    });
    RC_ASSERT(found == expected);
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

/// Random subscriptions of a few sessions, held against a list.
RC_GTEST_PROP(router, routes_as_a_list_of_subscriptions_would, ()) {
    bench b;
    std::vector<std::unique_ptr<session>> sessions;
    for (int i = 0; i != 4; ++i)
        sessions.push_back(
            std::make_unique<session>(b.at, "c" + std::to_string(i), 1 + static_cast<unsigned>(i)));
    router& tested = b.at.subscriptions;
    std::map<std::pair<std::string, int>, int> model;
    const auto steps = *rc::gen::container<std::vector<std::tuple<bool, int, int, std::string>>>(
        rc::gen::tuple(rc::gen::weightedElement<bool>({{3, true}, {1, false}}),
                       rc::gen::inRange(0, 4), rc::gen::inRange(0, 3), topics(true)));
    const auto names = *rc::gen::container<std::vector<std::string>>(5, topics(false));
    for (const auto& [adds, who, level, filter] : steps) {
        session& s = *sessions[static_cast<std::size_t>(who)];
        if (adds) {
            const bool fresh = tested.subscribe(
                *tested.place(filter), {.who = &s, .maximum = static_cast<mqtt::qos>(level)});
            RC_ASSERT(fresh == !model.contains({filter, who}));
            model[{filter, who}] = level;
        } else if (auto* at = tested.find(filter)) {
            RC_ASSERT(tested.unsubscribe(*at, s) == (model.erase({filter, who}) == 1));
            tested.prune(at);
        }
        for (const auto& name : names) {
            std::map<const session*, int> expected, found;
            for (const auto& [key, maximum] : model)
                if (mqtt::matches(key.first, name)) {
                    int& best =
                        expected.emplace(sessions[static_cast<std::size_t>(key.second)].get(), 0)
                            .first->second;
                    best = std::max(best, maximum);
                }
            for (const target& one : tested.find_route(name).local)
                RC_ASSERT(found.emplace(one.who, static_cast<int>(one.maximum)).second);
            RC_ASSERT(found == expected);
        }
    }
    RC_ASSERT(tested.subscriptions() == model.size());
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
