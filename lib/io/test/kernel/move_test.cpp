// A stream moves to another loop while its peer goes on talking: nothing is lost, nothing comes
// twice.
#include "contract/suite.hpp"
#include "kernel/raw.hpp"

#include <poll.h>

#include <atomic>
#include <thread>

namespace nightjar::io::test {
namespace {

/// Echoes on whichever loop it lives; moves to the other one after every so many reads.
class traveller final : public receiver {
public:
    traveller(io::loop& here, io::loop& there, std::atomic<int>& moves) noexcept
        : here_(&here), there_(&there), moves_(moves) {}

    /// On the thread of the loop that it moves to.
    void arrive(handle what) {
        auto made = here_->engine().adopt(std::move(what));
        if (!made) std::abort();
        peer_ = *made;
        peer_->attach(*this);
        flush();
    }

    void on_data(bytes lent) noexcept override {
        waiting_ += as_text(lent);
        flush();
        if (++reads_ % 5 == 0) wants_to_move_ = true;
        try_move();
    }
    void on_written(std::size_t n) noexcept override {
        writing_ = false;
        sent_ += n;
        flush();
        try_move();
    }
    void on_closed(error) noexcept override { peer_ = nullptr; }

private:
    void flush() {
        if (writing_ || moving_ || peer_ == nullptr) return;
        if (sent_ == sending_.size()) {
            sending_ = std::exchange(waiting_, {});
            sent_ = 0;
        }
        if (sending_.empty()) return;
        const std::array<bytes_view, 1> pieces{as_bytes(sending_).subspan(sent_)};
        sent_ += peer_->write(pieces);
        writing_ = sent_ < sending_.size();
    }
    void try_move() {
        if (!wants_to_move_ || moving_ || writing_ || peer_ == nullptr) return;
        moving_ = true;  // release() may deliver what had come already: echoed over there
        handle what = peer_->release();
        moving_ = false;
        if (!what) return flush();
        wants_to_move_ = false;
        peer_ = nullptr;
        ++moves_;
        std::swap(here_, there_);
        here_->post(
            [this, box = std::make_shared<handle>(std::move(what))] { arrive(std::move(*box)); });
    }

    io::loop* here_;
    io::loop* there_;
    std::atomic<int>& moves_;
    stream* peer_ = nullptr;
    std::string waiting_, sending_;  // sending_ is borrowed until on_written
    std::size_t sent_ = 0;
    bool writing_ = false, wants_to_move_ = false, moving_ = false;
    int reads_ = 0;
};

TEST_P(kernel_contract, a_stream_moves_between_two_threads_with_data_in_flight) {
    const auto kind = *parse_engine(engine().name());
    auto engine_a = make_engine(kind), engine_b = make_engine(kind);
    ASSERT_TRUE(engine_a && engine_b);
    io::loop a(std::move(*engine_a)), b(std::move(*engine_b));
    std::atomic<int> moves{0};
    traveller guest(a, b, moves);
    int both[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both), 0);
    handle ours = kernel_handle(both[1]);
    a.post([&] { guest.arrive(kernel_handle(both[0])); });
    std::thread thread_a([&] { a.run(); }), thread_b([&] { b.run(); });

    const std::string sent = pattern(12'000'000);
    std::string got;
    std::size_t at = 0;
    const int fd = both[1];
    while (got.size() < sent.size()) {
        pollfd what{.fd = fd,
                    .events = static_cast<short>(at < sent.size() ? POLLIN | POLLOUT : POLLIN),
                    .revents = 0};
        if (::poll(&what, 1, 20'000) <= 0) break;
        if ((what.revents & POLLOUT) != 0) {
            const ssize_t n = ::send(fd, sent.data() + at,
                                     std::min<std::size_t>(sent.size() - at, 3000), MSG_DONTWAIT);
            if (n > 0) at += static_cast<std::size_t>(n);
        }
        std::array<char, 65536> room;
        const ssize_t n = ::recv(fd, room.data(), room.size(), MSG_DONTWAIT);
        if (n > 0) got.append(room.data(), static_cast<std::size_t>(n));
    }
    a.stop();
    b.stop();
    thread_a.join();
    thread_b.join();
    EXPECT_TRUE(got == sent);
    EXPECT_GE(moves, 10);
}

TEST_P(kernel_contract, released_bytes_are_read_by_the_next_owner) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    far.peer->pause();
    near.say("before");
    lab_->rest(30ms);
    far.peer->resume();
    handle what = far.peer->release();
    if (!what) GTEST_SKIP() << "this engine cannot release";
    const std::string early = far.got;  // delivered before release() returned, if at all
    near.say(" and after");
    auto made = engine().adopt(std::move(what));
    ASSERT_TRUE(made);
    tape next;
    next.hold(**made);
    const std::string all = "before and after";
    ASSERT_TRUE(until([&] { return early.size() + next.got.size() >= all.size(); }));
    EXPECT_EQ(early + next.got, all);
    EXPECT_TRUE(far.closed.empty()) << "released: gone without on_closed";
    next.close();
    ASSERT_TRUE(until([&] { return !next.closed.empty(); }));
}

TEST_P(kernel_contract, release_inside_on_data) {
    const line ends = connect();
    tape &near = ends.near, &far = ends.far;
    handle kept;
    far.when_data = [&](tape& line) {
        kept = line.peer->release();
        line.peer = nullptr;
    };
    near.say("x");
    ASSERT_TRUE(until([&] { return static_cast<bool>(kept); }));
    lab_->rest(20ms);
    EXPECT_TRUE(far.closed.empty());
    kept.reset();
    ASSERT_TRUE(until([&] { return !near.closed.empty(); }));
}

}  // namespace
}  // namespace nightjar::io::test
