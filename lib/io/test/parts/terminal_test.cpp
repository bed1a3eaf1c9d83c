// Terminals: the slave of a pseudo terminal plays the user's.
#include <nightjar/io/terminal.hpp>

#include "contract/suite.hpp"
#include "parts/part.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace nightjar::io::test {
namespace {

class terminals : public part {
protected:
    void SetUp() override {
        part::SetUp();
        if (lab_ == nullptr) return;
        master_ = kernel_handle(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
        ASSERT_GE(master_.value(), 0);
        ASSERT_EQ(::grantpt(master()), 0);
        ASSERT_EQ(::unlockpt(master()), 0);
        slave_ = kernel_handle(::open(::ptsname(master()), O_RDWR | O_NOCTTY | O_CLOEXEC));
        ASSERT_GE(slave_.value(), 0);
    }
    int master() const { return static_cast<int>(master_.value()); }
    int slave() const { return static_cast<int>(slave_.value()); }
    tcflag_t local_flags() const {
        termios how{};
        ::tcgetattr(slave(), &how);
        return how.c_lflag;
    }
    std::string typed_back() const {
        char room[256];
        const ssize_t n = ::read(master(), room, sizeof room);
        return n > 0 ? std::string(room, static_cast<std::size_t>(n)) : std::string();
    }

    handle master_, slave_;
};

TEST_P(terminals, give_keys_at_once_when_raw_and_lines_when_not) {
    auto made = terminal::open(loop(), slave());
    ASSERT_TRUE(made);
    tape user;
    user.hold((*made)->stream());
    ASSERT_EQ(::write(master(), "ab", 2), 2);
    lab_->rest(20ms);
    EXPECT_EQ(user.got, "") << "a line is not over yet";
    ASSERT_EQ(::write(master(), "\n", 1), 1);
    ASSERT_TRUE(until([&] { return user.got == "ab\n"; }));
    ASSERT_TRUE((*made)->set(terminal::mode::raw));
    ASSERT_EQ(::write(master(), "c", 1), 1);
    ASSERT_TRUE(until([&] { return user.got == "ab\nc"; }));
    typed_back();
    user.say("out\n");
    std::string seen;
    ASSERT_TRUE(until([&] { return (seen += typed_back()).find("out\n") != std::string::npos; }));
    EXPECT_EQ(seen.find('\r'), std::string::npos) << "raw output is not touched";
}

TEST_P(terminals, are_as_before_afterwards) {
    const tcflag_t before = local_flags();
    {
        auto made = terminal::open(loop(), slave());
        ASSERT_TRUE(made);
        ASSERT_TRUE((*made)->set(terminal::mode::raw));
        EXPECT_EQ(local_flags() & (ICANON | ECHO | ISIG), 0U);
        ASSERT_TRUE((*made)->set(terminal::mode::keys));
        EXPECT_EQ(local_flags() & (ICANON | ECHO), 0U);
        EXPECT_NE(local_flags() & ISIG, 0U);
        ASSERT_TRUE((*made)->set(terminal::mode::normal));
        EXPECT_EQ(local_flags(), before);
        ASSERT_TRUE((*made)->set(terminal::mode::raw));
    }
    EXPECT_EQ(local_flags(), before);
    EXPECT_EQ(::fcntl(slave(), F_GETFL) & O_NONBLOCK, 0) << "its sharers do not notice";
}

TEST_P(terminals, say_their_size_and_its_change) {
    winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(::ioctl(master(), TIOCSWINSZ, &size), 0);
    auto events = signals::make(loop());
    auto made = terminal::open(loop(), slave());
    ASSERT_TRUE(events && made);
    EXPECT_EQ((*made)->size().value(), (terminal_size{.columns = 80, .rows = 24}));
    std::vector<terminal_size> heard;
    ASSERT_TRUE((*made)->on_resize(**events, [&](const auto& now) { heard.push_back(now); }));
    size.ws_col = 100;
    ASSERT_EQ(::ioctl(master(), TIOCSWINSZ, &size), 0);
    ::raise(SIGWINCH);  // as the terminal does for its own processes
    ASSERT_TRUE(until([&] { return !heard.empty(); }));
    EXPECT_EQ(heard.back(), (terminal_size{.columns = 100, .rows = 24}));
    made->reset();
    heard.clear();
    ::raise(SIGWINCH);
    lab_->rest(20ms);
    EXPECT_TRUE(heard.empty());
}

TEST_P(terminals, end_when_the_other_side_is_closed) {
    auto made = terminal::open(loop(), slave());
    ASSERT_TRUE(made);
    tape user;
    user.hold((*made)->stream());
    master_.reset();
    ASSERT_TRUE(until([&] { return !user.closed.empty(); }));
    EXPECT_EQ(user.closed.front(), error::end_of_stream);
}

TEST_P(terminals, are_no_pipes) {
    auto ends = make_pipe();
    ASSERT_TRUE(ends);
    const auto refused = terminal::open(loop(), static_cast<int>(ends->reading.value()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), error::unsupported);
}

INSTANTIATE_TEST_SUITE_P(on, terminals, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
