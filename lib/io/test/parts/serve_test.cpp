// Servers in a few lines: echo, full outboxes, and an orderly end.
#include "kernel/kernel_lab.hpp"
#include "kernel/raw.hpp"

#include "contract/suite.hpp"

#include <nightjar/io/serve.hpp>
#if __cpp_impl_coroutine
#include <nightjar/io/coro.hpp>
#endif

namespace nightjar::io::test {
namespace {

class serving : public contract {
protected:
    tape& call(const server& at) {
        caller& made = dial(at.local());
        EXPECT_TRUE(until([&] { return made.connections == 1; }));
        return made.line;
    }
    void expect_echo(const server& at) {
        tape& line = call(at);
        const std::string sent = pattern(5'000'000);
        line.say(sent);
        EXPECT_TRUE(until([&] { return line.got.size() >= sent.size(); }));
        EXPECT_TRUE(line.got == sent);
    }
    /// A peer that says much and reads nothing for a while.
    void expect_back_pressure(const server& at) {
        tape& line = call(at);
        const std::string sent = pattern(40'000'000);
        line.peer->pause();
        line.say(sent);
        lab_->rest(200ms);
        EXPECT_FALSE(line.is_idle()) << "the server took it all, though nobody reads its answers";
        line.peer->resume();
        EXPECT_TRUE(until([&] { return line.got.size() >= sent.size(); }));
        EXPECT_TRUE(line.got == sent);
    }
};

struct echo {
    void on_data(line& peer, bytes lent) { peer.write(lent); }
};
struct farewell {
    void on_data(line& peer, bytes) {
        peer.write(as_bytes(text));
        peer.close();
        EXPECT_FALSE(peer.write(as_bytes("late")));
    }
    std::string text = pattern(700'000);
};

TEST_P(serving, echoes_by_callbacks) {
    auto at = serve<echo>(loop());
    ASSERT_TRUE(at);
    expect_echo(*at);
}

TEST_P(serving, callbacks_feel_back_pressure) {
    auto at = serve<echo>(loop());
    ASSERT_TRUE(at);
    expect_back_pressure(*at);
}

TEST_P(serving, close_sends_what_was_written) {
    auto at = serve<farewell>(loop());
    ASSERT_TRUE(at);
    tape& line = call(*at);
    line.say("bye");
    ASSERT_TRUE(until([&] { return !line.closed.empty(); }));
    EXPECT_TRUE(line.got == pattern(700'000));
    EXPECT_EQ(line.closed, std::vector<error>{error::end_of_stream});
}

TEST_P(serving, a_port_in_use_is_a_result) {
    auto at = serve<echo>(loop());
    ASSERT_TRUE(at);
    auto again = serve<echo>(loop(), {.port = at->port});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().what, error::in_use);
    EXPECT_EQ(complain("test", again.error()), 1);
}

#if __cpp_impl_coroutine
task<> echo_task(peer who) {
    while (auto chunk = co_await who.read()) {
        if (!co_await who.write(*chunk)) break;
    }
}
/// Holds what it read over a suspension, and answers more than fits at once.
task<> three_times(peer who) {
    auto chunk = co_await who.read();
    if (!chunk) co_return;
    const std::string much = pattern(3'000'000);
    co_await who.write(as_bytes(much));
    co_await who.write(*chunk);
}

TEST_P(serving, echoes_by_coroutines) {
    auto at = serve(loop(), {}, echo_task);
    ASSERT_TRUE(at);
    expect_echo(*at);
}

TEST_P(serving, coroutines_feel_back_pressure) {
    auto at = serve(loop(), {}, echo_task);
    ASSERT_TRUE(at);
    expect_back_pressure(*at);
}

TEST_P(serving, a_chunk_is_lent_until_the_next_read) {
    auto at = serve(loop(), {}, three_times);
    ASSERT_TRUE(at);
    tape& line = call(*at);
    line.peer->pause();
    line.say("kept");
    lab_->rest(50ms);
    line.peer->resume();
    ASSERT_TRUE(until([&] { return line.got.size() >= 3'000'004; }));
    EXPECT_TRUE(line.got == pattern(3'000'000) + "kept");
    ASSERT_TRUE(until([&] { return !line.closed.empty(); })) << "leaving closes";
}

TEST_P(serving, a_coroutine_hears_of_a_reset_while_it_writes) {
    auto at = serve(loop(), {}, three_times);
    ASSERT_TRUE(at);
    tape& line = call(*at);
    line.peer->pause();
    line.say("x");
    lab_->rest(50ms);
    line.peer->abort();
    ASSERT_TRUE(until([&] { return !line.closed.empty(); }));
    lab_->rest(20ms);  // its frame is freed: a leak checker sees it if not
}
#endif

INSTANTIATE_TEST_SUITE_P(on, serving, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
