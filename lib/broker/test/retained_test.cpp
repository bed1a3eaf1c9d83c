#include "route/retained.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nightjar::broker {
namespace {

instant at(int ms) { return instant{} + std::chrono::milliseconds(ms); }

message kept(std::string_view topic, std::string_view payload, int ms, std::uint16_t worker = 0,
             instant expires = never) {
    return message::copy_of({.topic = topic,
                             .payload = as_bytes(payload),
                             .retain = true,
                             .publisher = 1,
                             .accepted = at(ms),
                             .expires = expires,
                             .worker = worker});
}

std::vector<std::string> all(const retained_store& from, std::string_view filter,
                             int now_ms = 100) {
    std::vector<std::string> found;
    from.for_matching(filter, at(now_ms),
                      [&](const message& m) { found.emplace_back(as_text(m.view().payload)); });
    std::sort(found.begin(), found.end());
    return found;
}

using texts = std::vector<std::string>;

TEST(retained, the_last_one_counts) {  // [MQTT5 3.3.1-5]
    retained_store store{true};
    EXPECT_TRUE(store.apply(kept("a/b", "1", 1), 0));
    EXPECT_TRUE(store.apply(kept("a/b", "2", 1), 0));
    EXPECT_EQ(all(store, "a/+"), texts{"2"});
    EXPECT_EQ(store.size(), 1U);
}

TEST(retained, an_empty_payload_removes) {  // [MQTT5 3.3.1-6], [MQTT5 3.3.1-7]
    for (const bool alone : {true, false}) {
        retained_store store{alone};
        store.apply(kept("a", "1", 1), 0);
        store.apply(kept("a", "", 2), 0);
        EXPECT_EQ(all(store, "#"), texts{});
        EXPECT_EQ(store.size(), 0U);
        store.apply(kept("a", "3", 3), 0);
        EXPECT_EQ(all(store, "#"), texts{"3"});
    }
}

TEST(retained, workers_agree_whatever_order_letters_come_in) {
    retained_store here{false}, there{false};
    const message first = kept("a", "first", 10, 1), second = kept("a", "second", 11, 2),
                  removal = kept("a", "", 12, 3);
    for (const auto& one : {first, second}) here.apply(one, 0);
    for (const auto& one : {second, first}) there.apply(one, 0);
    EXPECT_EQ(all(here, "a"), texts{"second"});
    EXPECT_EQ(all(there, "a"), texts{"second"});
    here.apply(removal, 0);
    here.apply(second, 0);  // late
    EXPECT_EQ(all(here, "a"), texts{});
    // The same moment: the worker decides.
    here.apply(kept("b", "two", 20, 2), 0);
    here.apply(kept("b", "one", 20, 1), 0);
    EXPECT_EQ(all(here, "b"), texts{"two"});
}

TEST(retained, removals_are_forgotten_in_the_end) {
    retained_store store{false};
    store.apply(kept("a", "1", 1), 0);
    store.apply(kept("a", "", 2), 0);
    store.purge(at(10));
    store.apply(kept("a", "old", 1), 0);
    EXPECT_EQ(all(store, "a"), texts{});
    store.purge(at(60'000));
    store.apply(kept("a", "new", 60'001), 0);
    EXPECT_EQ(all(store, "a"), texts{"new"});
}

TEST(retained, expires) {  // [MQTT5 3.3.2-5]
    retained_store store{true};
    store.apply(kept("a", "1", 1, 0, at(50)), 0);
    EXPECT_EQ(all(store, "a", 49), texts{"1"});
    EXPECT_EQ(all(store, "a", 50), texts{});
    store.purge(at(60'000));
    EXPECT_EQ(store.size(), 0U);
}

TEST(retained, is_bounded) {
    retained_store store{true};
    EXPECT_TRUE(store.apply(kept("a", "1", 1), 2));
    EXPECT_TRUE(store.apply(kept("b", "1", 1), 2));
    EXPECT_FALSE(store.apply(kept("c", "1", 1), 2));
    EXPECT_TRUE(store.apply(kept("a", "2", 2), 2));
    EXPECT_TRUE(store.apply(kept("b", "", 3), 2));
    EXPECT_TRUE(store.apply(kept("c", "1", 4), 2));
}

TEST(retained, what_another_worker_took_is_kept_beyond_the_limit) {
    retained_store store{false};
    EXPECT_TRUE(store.apply(kept("a", "1", 1), 1));
    EXPECT_FALSE(store.apply(kept("b", "1", 1), 1));
    EXPECT_TRUE(store.follow(kept("b", "1", 1, 2)));
    EXPECT_EQ(store.size(), 2U);
}

TEST(retained, the_brokers_own_do_not_count_against_the_limit) {
    retained_store store{true};
    const auto from = [](std::string_view topic, session_serial publisher) {
        return message::copy_of({.topic = topic, .payload = as_bytes("x"), .publisher = publisher});
    };
    for (const char* topic : {"$SYS/a", "$SYS/b", "$SYS/c"})
        EXPECT_TRUE(store.apply(from(topic, 0), 1));
    EXPECT_TRUE(store.apply(from("a", 9), 1));
    EXPECT_FALSE(store.apply(from("b", 9), 1));
    EXPECT_EQ(store.size(), 4U);
}

/// However often a topic is set again, its leaving is noted once.
TEST(retained, a_later_expiry_replaces_an_earlier_one) {
    retained_store store{true};
    for (int ms = 1; ms != 1000; ++ms) store.apply(kept("a", "x", ms, 0, at(ms + 100)), 0);
    store.purge(at(1000));
    EXPECT_EQ(store.size(), 1U);
    store.apply(kept("a", "stays", 1001), 0);
    store.purge(at(60'000));
    EXPECT_EQ(all(store, "a", 60'000), texts{"stays"});
}

TEST(retained, wildcards_at_the_front_do_not_see_internal_topics) {  // [MQTT5 4.7.2-1]
    retained_store store{true};
    store.apply(kept("$SYS/x", "internal", 1), 0);
    store.apply(kept("x/y", "plain", 1), 0);
    EXPECT_EQ(all(store, "#"), texts{"plain"});
    EXPECT_EQ(all(store, "+/+"), texts{"plain"});
    EXPECT_EQ(all(store, "$SYS/#"), texts{"internal"});
}

}  // namespace
}  // namespace nightjar::broker
