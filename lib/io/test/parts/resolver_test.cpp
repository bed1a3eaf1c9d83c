// Names become addresses, from the loop, once, or not at all.
#include "kernel/kernel_lab.hpp"
#include "parts/name_server.hpp"

#include <nightjar/io/resolver.hpp>

#include <optional>

namespace nightjar::io::test {
namespace {

class names : public testing::TestWithParam<lab_kind> {
protected:
    using answer = result<std::vector<endpoint>>;

    void SetUp() override {
        lab_ = GetParam().make();
        if (lab_ == nullptr) GTEST_SKIP();
        server_ = std::make_unique<name_server>(lab_->loop());
        make();
    }
    void make(duration limit = 10s) {
        auto made =
            resolver::make(lab_->loop(), {.time_limit = limit, .servers = server_->place()});
        ASSERT_TRUE(made);
        resolver_ = std::move(*made);
    }
    auto keep(std::optional<answer>& where) {
        return [&where](result<std::span<const endpoint>> found) {
            EXPECT_FALSE(where.has_value()) << "once";
            if (found) {
                where = std::vector<endpoint>(found->begin(), found->end());
            } else {
                where = answer(fail(found.error()));
            }
        };
    }
    answer ask(std::string_view name) {
        std::optional<answer> heard;
        auto query = resolver_->resolve(name, 1883, keep(heard));
        EXPECT_FALSE(heard.has_value()) << "from the loop only";
        EXPECT_TRUE(lab_->until([&] { return heard.has_value(); }));
        return heard.value_or(fail(error::system));
    }

    std::unique_ptr<lab> lab_;
    std::unique_ptr<name_server> server_;
    std::unique_ptr<resolver> resolver_;
};

TEST_P(names, an_address_is_its_own_answer) {
    EXPECT_EQ(ask("192.0.2.7"), (std::vector<endpoint>{*endpoint::parse("192.0.2.7", 1883)}));
    EXPECT_EQ(ask("2001:db8::7"), (std::vector<endpoint>{*endpoint::parse("2001:db8::7", 1883)}));
    EXPECT_EQ(server_->questions, 0);
}

TEST_P(names, localhost_is_this_machine) {
    const answer found = ask("localhost");
    ASSERT_TRUE(found);
    for (const endpoint& one : *found) {
        EXPECT_TRUE(one.address_text() == "127.0.0.1" || one.address_text() == "::1") << one.text();
        EXPECT_EQ(one.port(), 1883);
    }
}

TEST_P(names, both_families_are_asked_of_the_server) {
    server_->addresses = {*endpoint::parse("127.0.0.5", 0), *endpoint::parse("::1", 0)};
    const answer found = ask("eyeballs.test");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), 2U);
    for (const endpoint& one : server_->addresses) {
        EXPECT_NE(std::ranges::find(*found, one.with_port(1883)), found->end()) << one.text();
    }
}

TEST_P(names, a_name_that_nobody_knows_is_not_found) {
    const answer found = ask("nobody.test");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().what, error::not_found);
}

TEST_P(names, a_silent_server_times_out) {
    server_->is_silent = true;
    make(200ms);
    const answer found = ask("eyeballs.test");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().what, error::timed_out);
    EXPECT_GE(server_->questions, 1);
}

TEST_P(names, a_dropped_query_says_nothing) {
    server_->addresses = {*endpoint::parse("127.0.0.5", 0)};
    std::optional<answer> heard;
    auto early = resolver_->resolve("eyeballs.test", 1, keep(heard));
    early.reset();
    auto known = resolver_->resolve("127.0.0.1", 1, keep(heard));  // answered inside, told later
    known.reset();
    lab_->rest(100ms);
    EXPECT_FALSE(heard.has_value());
}

TEST_P(names, a_query_may_end_inside_its_callback_and_the_resolver_with_one_under_way) {
    std::unique_ptr<resolver::query> query;
    bool is_heard = false;
    query = resolver_->resolve("127.0.0.1", 1, [&](auto) {
        query.reset();
        is_heard = true;
    });
    ASSERT_TRUE(lab_->until([&] { return is_heard; }));
    server_->is_silent = true;
    resolver_->resolve("eyeballs.test", 1, [](auto) { FAIL(); }).reset();
    lab_->rest(20ms);
    resolver_.reset();
}

INSTANTIATE_TEST_SUITE_P(on, names, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
