// Descriptors of others: watched, adopted, refused.
#include "contract/suite.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nightjar::io::test {
namespace {

struct log final : watch::watcher {
    std::vector<unsigned> heard;
    std::function<void()> inside;
    void on_ready(unsigned what) noexcept override {
        heard.push_back(what);
        if (inside) inside();
    }
};

class two_ends {
public:
    two_ends() {
        int both[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, both) != 0)
            std::abort();
        ours = kernel_handle(both[0]);
        theirs = kernel_handle(both[1]);
    }
    int our() const { return static_cast<int>(ours.value()); }
    int their() const { return static_cast<int>(theirs.value()); }
    handle ours, theirs;
};

TEST_P(kernel_contract, a_watch_is_level_triggered_and_can_be_paused) {
    two_ends pipe;
    log heard;
    auto made = engine().observe(pipe.our(), heard);
    ASSERT_TRUE(made);
    lab_->rest(20ms);
    EXPECT_TRUE(heard.heard.empty()) << "nothing was wanted yet";
    (*made)->want(watch::readable);
    ASSERT_EQ(::write(pipe.their(), "x", 1), 1);
    ASSERT_TRUE(until([&] { return heard.heard.size() >= 3; }))
        << "again each turn until it is read";
    EXPECT_EQ(heard.heard.back(), watch::readable);
    (*made)->want(0);
    loop().run_once(instant::min());
    const std::size_t before = heard.heard.size();
    lab_->rest(20ms);
    EXPECT_EQ(heard.heard.size(), before);
    (*made)->want(watch::writable);
    ASSERT_TRUE(until([&] { return heard.heard.size() > before; }));
    EXPECT_EQ(heard.heard.back(), watch::writable);
}

TEST_P(kernel_contract, a_watch_hears_that_the_other_end_is_gone) {
    two_ends pipe;
    log heard;
    auto made = engine().observe(pipe.our(), heard);
    ASSERT_TRUE(made);
    (*made)->want(watch::readable);
    pipe.theirs.reset();
    ASSERT_TRUE(until([&] { return !heard.heard.empty(); }));
    EXPECT_NE(heard.heard.back() & watch::broken, 0U);
}

TEST_P(kernel_contract, a_watch_may_end_inside_on_ready_and_leaves_the_descriptor_open) {
    two_ends pipe;
    log heard;
    auto made = engine().observe(pipe.our(), heard);
    ASSERT_TRUE(made);
    heard.inside = [&] { made->reset(); };
    (*made)->want(watch::writable);
    ASSERT_TRUE(until([&] { return !heard.heard.empty(); }));
    lab_->rest(20ms);
    EXPECT_EQ(heard.heard.size(), 1U);
    EXPECT_GE(::fcntl(pipe.our(), F_GETFD), 0);
}

TEST_P(kernel_contract, a_brought_socket_is_adopted_though_it_blocks) {
    two_ends pipe;
    ASSERT_EQ(::fcntl(pipe.our(), F_SETFL, 0), 0);
    auto made = engine().adopt(std::move(pipe.ours));
    ASSERT_TRUE(made);
    tape line;
    line.hold(**made);
    line.say(pattern(100'000));
    std::string got(200'000, '\0');
    std::size_t size = 0;
    ASSERT_TRUE(until([&] {
        const ssize_t n = ::read(pipe.their(), got.data() + size, got.size() - size);
        if (n > 0) size += static_cast<std::size_t>(n);
        return size >= 100'000;
    }));
    got.resize(size);
    EXPECT_TRUE(got == pattern(100'000));
    pipe.theirs.reset();
    ASSERT_TRUE(until([&] { return !line.closed.empty(); }));
}

TEST_P(kernel_contract, an_empty_handle_is_not_adopted) {
    auto made = engine().adopt({});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, error::invalid);
}

TEST_P(kernel_contract, writes_cut_by_a_small_send_buffer_arrive_whole) {
    two_ends pipe;
    const int small = 4096;
    ASSERT_EQ(::setsockopt(pipe.our(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    auto near = engine().adopt(std::move(pipe.ours));
    auto far = engine().adopt(std::move(pipe.theirs));
    ASSERT_TRUE(near && far);
    tape from, to;
    from.hold(**near);
    to.hold(**far);
    std::string sent;
    for (std::size_t i = 1; i < 300; ++i) {
        sent += pattern(i * 41 % 30'000);
        from.say(pattern(i * 41 % 30'000));
    }
    ASSERT_TRUE(until([&] { return to.got.size() >= sent.size(); }));
    EXPECT_TRUE(to.got == sent);
    EXPECT_GT(from.written_calls, 100U) << "or the buffer was not small";
    from.close();
    to.close();
    ASSERT_TRUE(until([&] { return !from.closed.empty() && !to.closed.empty(); }));
}

}  // namespace
}  // namespace nightjar::io::test
