#include <gtest/gtest.h>

#include <cstdio>
#include <nightjar/base/expects.hpp>
#include <nightjar/base/result.hpp>
#include <set>

namespace nightjar {
namespace {

TEST(result, carries_a_value_or_an_error) {
    const result<int> good = 7;
    const result<int> bad = fail({error::refused, 111});
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, 7);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error(), error::refused);
    EXPECT_EQ(bad.error().os, 111);
    EXPECT_FALSE(result<>(fail(error::no_room)));
    EXPECT_TRUE(result<>());
}

TEST(describe, has_words_of_its_own_for_every_kind) {
    std::set<std::string_view> words;
    const int kinds = error::system + 1;
    for (int i = 0; i < kinds; ++i) {
        const std::string_view word = describe(static_cast<error::kind>(i));
        EXPECT_FALSE(word.empty());
        EXPECT_EQ(word.find("unknown"), word.npos) << i;
        words.insert(word);
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(kinds));
    EXPECT_EQ(describe(error::no_room), "no room");
    EXPECT_EQ(describe(error::reset), "connection reset");
}

TEST(expects, a_kept_promise_costs_nothing) { expects(true, "kept"); }

// The line before the macro would be a guess; file and promise say that the caller's place is
// printed, not expects.hpp.
TEST(expects_death, prints_place_and_promise_and_aborts) {
    EXPECT_EXIT(expects(false, "two and two are four"), testing::KilledBySignal(SIGABRT),
                "result_test.cpp:[0-9]+: broken promise: two and two are four");
}

TEST(expects_death, tells_the_hook_first) {
    const promise_hook hook = [](const char* promise, code_place where) noexcept {
        std::fprintf(stderr, "seed 42; %s; line %u\n", promise, where.line);
    };
    EXPECT_EQ(set_promise_hook(hook), nullptr);
    EXPECT_DEATH(broken_promise("x", {"f.cpp", 9}),
                 "seed 42; x; line 9\nf.cpp:9: broken promise: x");
    EXPECT_EQ(set_promise_hook(nullptr), hook);
}

}  // namespace
}  // namespace nightjar
