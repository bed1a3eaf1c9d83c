// Pipes are streams: they lend, they take what they can, they end.
#include <nightjar/io/pipe.hpp>

#include "contract/suite.hpp"
#include "parts/folder.hpp"
#include "parts/part.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>

namespace nightjar::io::test {
namespace {

class pipes : public part {
protected:
    void connect() {
        auto ends = make_pipe();
        ASSERT_TRUE(ends);
        auto from = pipe_stream::make(loop(), std::move(ends->reading), {});
        auto to = pipe_stream::make(loop(), {}, std::move(ends->writing));
        ASSERT_TRUE(from && to);
        from_ = std::move(*from);
        to_ = std::move(*to);
        reader_.hold(*from_);
        writer_.hold(*to_);
    }
    tape reader_, writer_;
    std::unique_ptr<pipe_stream> from_, to_;
};

TEST_P(pipes, carry_what_is_written_and_then_end) {
    connect();
    writer_.say("hello");
    ASSERT_TRUE(until([&] { return reader_.got == "hello"; }));
    to_->shutdown();
    ASSERT_TRUE(until([&] { return !reader_.closed.empty(); }));
    EXPECT_EQ(reader_.ends, 1);
    EXPECT_EQ(reader_.closed.front(), error::end_of_stream);
    EXPECT_FALSE(from_->is_open());
}

TEST_P(pipes, carry_more_than_they_hold) {
    connect();
    const std::string text = pattern(1'000'000);
    writer_.say(text);
    to_->shutdown();
    ASSERT_TRUE(until([&] { return !reader_.closed.empty(); }));
    EXPECT_TRUE(reader_.got == text);
    EXPECT_GT(writer_.written_calls, 3U);
}

TEST_P(pipes, stop_when_paused_and_go_on) {
    connect();
    writer_.say("one");
    ASSERT_TRUE(until([&] { return reader_.got == "one"; }));
    from_->pause();
    writer_.say(pattern(200'000));
    lab_->rest(30ms);
    EXPECT_EQ(reader_.got.size(), 3U);
    EXPECT_FALSE(writer_.is_idle()) << "the pipe is full, which the writer feels";
    from_->resume();
    ASSERT_TRUE(until([&] { return reader_.got.size() == 200'003; }));
}

TEST_P(pipes, a_reader_that_is_gone_is_a_reset_and_no_signal) {
    connect();
    from_.reset();
    writer_.say("to nobody");
    EXPECT_TRUE(writer_.closed.empty()) << "not inside the call";
    ASSERT_TRUE(until([&] { return !writer_.closed.empty(); }));
    EXPECT_EQ(writer_.closed.front(), error::reset);
    sigset_t waiting;
    ::sigpending(&waiting);
    EXPECT_EQ(sigismember(&waiting, SIGPIPE), 0);
}

TEST_P(pipes, close_comes_back_once_and_later) {
    connect();
    from_->close();
    from_->close();
    EXPECT_TRUE(reader_.closed.empty());
    ASSERT_TRUE(until([&] { return !reader_.closed.empty(); }));
    lab_->rest(10ms);
    EXPECT_EQ(reader_.closed.size(), 1U);
    EXPECT_EQ(reader_.closed.front(), error::none);
}

TEST_P(pipes, may_be_closed_while_they_are_read) {
    connect();
    reader_.when_data = [&](tape&) { from_->close(); };
    writer_.say("x");
    ASSERT_TRUE(until([&] { return !reader_.closed.empty(); }));
    EXPECT_FALSE(reader_.heard_after_close);
}

TEST_P(pipes, may_be_destroyed_when_they_have_closed) {
    connect();
    reader_.when_closed = [&](tape&) { from_.reset(); };
    from_->close();
    ASSERT_TRUE(until([&] { return from_ == nullptr; }));
}

TEST_P(pipes, of_two_directions_are_one_stream) {
    auto there = make_pipe(), back = make_pipe();
    ASSERT_TRUE(there && back);
    auto near = pipe_stream::make(loop(), std::move(back->reading), std::move(there->writing));
    auto far = pipe_stream::make(loop(), std::move(there->reading), std::move(back->writing));
    ASSERT_TRUE(near && far);
    tape one, two;
    one.hold(**near);
    two.hold(**far);
    one.say("ping");
    ASSERT_TRUE(until([&] { return two.got == "ping"; }));
    two.say("pong");
    ASSERT_TRUE(until([&] { return one.got == "pong"; }));
}

TEST_P(pipes, with_names_are_opened_by_them) {
    folder home;
    const std::string path = home / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_EQ(pipe_stream::open_writer(loop(), path).error(), error::not_found)
        << "nobody reads yet";
    auto reading = pipe_stream::open_reader(loop(), path);
    ASSERT_TRUE(reading);
    auto writing = pipe_stream::open_writer(loop(), path);
    ASSERT_TRUE(writing);
    tape from, to;
    from.hold(**reading);
    to.hold(**writing);
    to.say("by name");
    ASSERT_TRUE(until([&] { return from.got == "by name"; }));
    EXPECT_EQ(pipe_stream::open_reader(loop(), home / "none").error(), error::not_found);
}

TEST_P(pipes, refuse_what_cannot_be_waited_for) {
    folder home;
    home.put("file", "text");
    handle file = kernel_handle(::open((home / "file").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(pipe_stream::make(loop(), std::move(file), {}).error(), error::unsupported);
    EXPECT_EQ(pipe_stream::make(loop(), {}, {}).error(), error::invalid);
}

TEST_P(pipes, leave_shared_descriptors_as_they_were) {
    auto ends = make_pipe();
    ASSERT_TRUE(ends);
    const int kept = static_cast<int>(ends->reading.value());
    {
        auto made = pipe_stream::make(loop(), kernel_handle(::dup(kept)), {});
        ASSERT_TRUE(made);
        EXPECT_NE(::fcntl(kept, F_GETFL) & O_NONBLOCK, 0);
    }
    EXPECT_EQ(::fcntl(kept, F_GETFL) & O_NONBLOCK, 0);
}

INSTANTIATE_TEST_SUITE_P(on, pipes, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
