#include "lab/server.hpp"

#include "made.hpp"

namespace nightjar::app::lab {
namespace {

TEST(Listening, IsReadFromTheLineThatSaysSo) {
    const auto at = parse_listening("listening on 127.0.0.1:40001");
    ASSERT_TRUE(at);
    EXPECT_EQ(at->text(), "127.0.0.1:40001");
    const auto more = parse_listening("listening on 127.0.0.1:7 (model single, 1 worker)");
    ASSERT_TRUE(more);
    EXPECT_EQ(more->port(), 7);
    const auto v6 = parse_listening("listening on [::1]:7");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->text(), "[::1]:7");
}

TEST(Listening, IsNothingElse) {
    for (const char* line : {"", "listening", "listening on ", "listening on 127.0.0.1",
                             "listening on 127.0.0.1:", "listening on 127.0.0.1:99999",
                             "listening on nowhere:1", "now listening on 127.0.0.1:1"})
        EXPECT_FALSE(parse_listening(line)) << line;
}

TEST(Worker, IsReadFromItsLine) {
    const auto one = parse_worker(
        "worker 3 pid 4711 connections 50 accepted 60 messages 900 in 57600 out 57601");
    ASSERT_TRUE(one);
    EXPECT_EQ(*one,
              (worker_counts{.index = 3, .connections = 50, .messages = 900, .bytes_out = 57601}));
}

TEST(Worker, IsNothingElse) {
    for (const char* line : {"", "worker", "worker x", "listening on 127.0.0.1:1",
                             "pid 1 messages 2", "worker 1 messages many"})
        EXPECT_FALSE(parse_worker(line)) << line;
}

TEST(Command, IsOurServerOrThePeer) {
    const programs where{"/bin/nightjar", "/lib/peers"};
    EXPECT_EQ(command_of(peer("libuv"), {}, where),
              (std::vector<std::string>{"/lib/peers/peer_libuv", "0"}));
    const auto words = command_of({"epoll", "pool", 2}, {.work_us = 200}, where);
    EXPECT_EQ(words, (std::vector<std::string>{"/bin/nightjar", "echo", "--engine", "epoll",
                                               "--model", "pool", "--workers", "2", "--port", "0",
                                               "--address", "127.0.0.1", "--work", "200"}));
    const auto each = command_of({"epoll", "fork", 2}, {.connections = 100}, where);
    EXPECT_EQ(each[7], "100") << "so many processes at once";
    const auto mutex = command_of({"epoll", "prefork/mutex", 2}, {}, where);
    EXPECT_EQ(mutex[5], "prefork");
    EXPECT_EQ(mutex[mutex.size() - 2], "--accept");
    EXPECT_EQ(mutex.back(), "mutex");
}

std::string trouble_of(const char* program) {
    const programs where{program, ""};
    auto made = server::start(
        {.who = single("epoll"), .what = small_one, .where = where, .processors = {}, .stop = [] {
             return false;
         }});
    const auto* trouble = std::get_if<std::string>(&made);
    return trouble != nullptr ? *trouble : "started";
}

TEST(Server, ThatEndsSaysHow) {
    EXPECT_EQ(trouble_of("/bin/false"), "ended with code 1");
    EXPECT_EQ(trouble_of("/nowhere/at/all"),
              "ended with code 127: cannot start /nowhere/at/all (error 2)");
}

}  // namespace
}  // namespace nightjar::app::lab
