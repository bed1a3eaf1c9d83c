// Which engine a loop gets, and what is said of it.
#include <gtest/gtest.h>

#include <nightjar/io/engine.hpp>

namespace nightjar::io {
namespace {

TEST(make_engine, automatic_always_finds_one_and_explains_a_fallback) {
    std::string why;
    auto made = make_engine(engine_kind::automatic, {}, &why);
    ASSERT_TRUE(made);
    const bool has_uring = make_uring_engine().has_value();
    EXPECT_EQ((*made)->name(), has_uring ? "io_uring" : "epoll");
    EXPECT_EQ(why.empty(), has_uring) << why;
}

TEST(make_engine, knows_the_names) {
    EXPECT_EQ(parse_engine("auto"), engine_kind::automatic);
    EXPECT_EQ(parse_engine("epoll"), engine_kind::epoll);
    EXPECT_EQ(parse_engine("io_uring"), engine_kind::uring);
    EXPECT_EQ(parse_engine("libuv"), engine_kind::libuv);
    EXPECT_EQ(parse_engine("libevent"), engine_kind::libevent);
    EXPECT_FALSE(parse_engine("kqueue"));
    for (const auto kind : {engine_kind::automatic, engine_kind::uring, engine_kind::libevent})
        EXPECT_EQ(parse_engine(name_of(kind)), kind);
}

TEST(make_engine, takes_the_one_that_is_asked_for) {
    for (const auto kind : {engine_kind::epoll, engine_kind::libuv, engine_kind::libevent}) {
        auto made = make_engine(kind);
        ASSERT_TRUE(made) << name_of(kind);
        EXPECT_EQ((*made)->name(), name_of(kind));
    }
}

}  // namespace
}  // namespace nightjar::io
