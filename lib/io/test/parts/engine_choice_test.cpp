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
    EXPECT_FALSE(parse_engine("kqueue"));
}

}  // namespace
}  // namespace nightjar::io
