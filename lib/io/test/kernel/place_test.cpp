// All places where one can listen: IPv6, Unix sockets with and without a file, a chosen source
// address.
#include "kernel/places.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::io::test {
namespace {

TEST_P(kernel_places, speaks_ipv6) {
    host own;
    auto made = engine().listen({.at = endpoint::parse("::1", 0).value(), .device = {}}, own);
    if (!made) GTEST_SKIP() << "no IPv6 here";
    caller& guest = dial((*made)->local());
    ASSERT_TRUE(until([&] { return own.tapes.size() == 1 && guest.connections == 1; }));
    guest.line.say("six");
    ASSERT_TRUE(until([&] { return own.tapes.front().got == "six"; }));
    EXPECT_EQ((*made)->local().kind(), endpoint::family::v6);
}

TEST_P(kernel_places, unix_socket_with_a_path_and_its_mode) {
    const std::string path = fresh_path("mode");
    exchange_at({.at = local(path), .unix_mode = 0600, .device = {}});
    struct stat what {};
    ASSERT_EQ(::stat(path.c_str(), &what), 0);
    EXPECT_EQ(what.st_mode & 0777, 0600U);
    ::unlink(path.c_str());
}

TEST_P(kernel_places, unix_socket_in_abstract_space) {
    // An engine that closes later than it says would hold the name against the next one's test.
    const std::string name = "@nightjar-test-" + std::to_string(::getpid()) + '-';
    exchange_at({.at = local(name + std::string(engine().name())), .device = {}});
}

TEST_P(kernel_places, a_stale_socket_file_is_replaced) {
    const std::string path = fresh_path("stale");
    for (int i = 0; i < 2; ++i) exchange_at({.at = local(path), .device = {}});
    ::unlink(path.c_str());
}

TEST_P(kernel_places, a_socket_file_in_use_is_not_replaced) {
    const std::string path = fresh_path("used");
    host own, other;
    auto first = engine().listen({.at = local(path), .device = {}}, own);
    ASSERT_TRUE(first);
    auto second = engine().listen({.at = local(path), .device = {}}, other);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().what, error::in_use);
    ::unlink(path.c_str());
}

TEST_P(kernel_places, no_unix_socket_at_the_path) {
    caller& guest = dial(local(fresh_path("nobody")));
    ASSERT_TRUE(until([&] { return !guest.failures.empty(); }));
    EXPECT_EQ(guest.failures.front().what, error::not_found);
}

TEST_P(kernel_places, several_listeners_share_a_port) {
    host first, second;
    auto one =
        engine().listen({.at = endpoint::loopback_v4(0), .reuse_port = true, .device = {}}, first);
    ASSERT_TRUE(one);
    auto two = engine().listen({.at = (*one)->local(), .reuse_port = true, .device = {}}, second);
    ASSERT_TRUE(two);
    for (int i = 0; i < 64; ++i) dial((*one)->local());
    ASSERT_TRUE(until([&] { return first.tapes.size() + second.tapes.size() == 64; }));
    EXPECT_FALSE(first.tapes.empty());
    EXPECT_FALSE(second.tapes.empty());
}

TEST_P(kernel_places, the_first_of_several_listeners_finds_a_taken_port_taken) {
    host first, second;
    listen_options how;
    how.at = endpoint::loopback_v4(0);
    how.reuse_port = true;
    auto one = engine().listen(how, first);
    ASSERT_TRUE(one);
    how.at = (*one)->local();
    how.claim = true;
    auto two = engine().listen(how, second);
    ASSERT_FALSE(two);
    EXPECT_EQ(two.error().what, error::in_use);
}

TEST_P(kernel_places, connects_from_a_chosen_address) {
    caller guest;
    const endpoint from = endpoint::v4({127, 0, 0, 9}, 0);
    auto made = engine().connect({.to = listener_->local(), .from = from}, guest);
    ASSERT_TRUE(made);
    ASSERT_TRUE(until([&] { return guest.connections == 1 && host_.tapes.size() == 1; }));
    EXPECT_EQ(host_.tapes.front().peer->peer().address_text(), "127.0.0.9");
    guest.line.close();
    ASSERT_TRUE(until([&] { return !guest.line.closed.empty(); }));
}

}  // namespace
}  // namespace nightjar::io::test
