// Endpoints as people write them.
#include <gtest/gtest.h>

#include <nightjar/io/endpoint.hpp>

namespace nightjar::io {
namespace {

TEST(endpoint, parses_and_prints_addresses) {
    EXPECT_EQ(endpoint::parse("127.0.0.1", 1883)->text(), "127.0.0.1:1883");
    EXPECT_EQ(endpoint::parse("::1", 1883)->text(), "[::1]:1883");
    EXPECT_EQ(endpoint::parse("2001:DB8:0:0::1", 7)->address_text(), "2001:db8::1");
    EXPECT_EQ(endpoint::parse("fe80::1%2", 1)->text(), "[fe80::1%2]:1");
    EXPECT_EQ(endpoint::parse("fe80::1%2", 1)->scope(), 2U);
    EXPECT_EQ(endpoint::parse("fe80::1%lo", 1)->scope(), endpoint::parse("fe80::1%1", 1)->scope());
}

TEST(endpoint, refuses_what_is_no_address) {
    for (const char* text : {"", "localhost", "1.2.3", "1.2.3.4.5", "256.0.0.1", "127.0.0.1%1",
                             "::1%", ":::", "[::1]", "1.2.3.4 ", "fe80::1%no-such-interface",
                             "0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0"}) {
        EXPECT_FALSE(endpoint::parse(text, 1)) << text;
    }
}

TEST(endpoint, holds_paths_up_to_107_bytes) {
    EXPECT_EQ(endpoint::local("/run/nightjar.sock")->text(), "/run/nightjar.sock");
    EXPECT_TRUE(endpoint::local(std::string(107, 'p')));
    EXPECT_FALSE(endpoint::local(std::string(108, 'p')));
    EXPECT_EQ(endpoint::local("/x")->with_port(9), *endpoint::local("/x"));
}

TEST(endpoint, compares_by_place) {
    EXPECT_EQ(endpoint::loopback_v4(1), *endpoint::parse("127.0.0.1", 1));
    EXPECT_FALSE(endpoint::loopback_v4(1) == endpoint::loopback_v4(2));
    EXPECT_FALSE(endpoint::any_v4(1) == endpoint::any_v6(1));
    EXPECT_EQ(endpoint::loopback_v4(1).with_port(2), endpoint::loopback_v4(2));
}

}  // namespace
}  // namespace nightjar::io
