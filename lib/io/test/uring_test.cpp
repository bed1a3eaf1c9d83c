// What only the io_uring engine can get wrong: shared buffers that run out, a submission queue that
// is full, completions that are already there when a stream pauses, moves or leaves.
#include "contract/suite.hpp"
#include "kernel/raw.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace nightjar::io::test {
namespace {

/// Writes what it is told to, and looks at nothing.
struct writer_only final : receiver {
    std::function<void(error)> when_closed;
    std::function<void()> when_written;
    void on_data(bytes) noexcept override {}
    void on_written(std::size_t) noexcept override {
        if (when_written) when_written();
    }
    void on_closed(error why) noexcept override {
        if (when_closed) when_closed(why);
    }
};

/// Streams of an engine, each with the other end of its socket pair in the test's hand.
class uring : public testing::Test {
protected:
    struct line {
        tape near;
        handle far;
        int far_fd() const { return static_cast<int>(far.value()); }
    };

    void SetUp() override {
        auto made = make_uring_engine();
        if (!made) GTEST_SKIP() << "no io_uring here: " << describe(made.error().what);
        engine_ = std::move(*made);
    }

    line& add() {
        int both[2] = {-1, -1};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both), 0);
        line& made = lines_.emplace_back();
        made.far = kernel_handle(both[1]);
        made.near.hold(**engine_->adopt(kernel_handle(both[0])));
        return made;
    }

    bool until(const std::function<bool()>& done) {
        const instant end = engine_->now() + 20s;
        while (!done() && engine_->now() < end) engine_->turn(engine_->now() + 10ms);
        return done();
    }
    void turns(int count) {
        for (int i = 0; i < count; ++i) engine_->turn(engine_->now() + 2ms);
    }
    static void send(const line& from, std::string_view what) {
        ASSERT_EQ(::send(from.far_fd(), what.data(), what.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(what.size()));
    }
    static std::string receive(const line& at, std::size_t size) {
        std::string out(size, '\0');
        const ssize_t n = ::recv(at.far_fd(), out.data(), size, MSG_DONTWAIT);
        out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
        return out;
    }

    std::unique_ptr<io::engine> engine_;
    std::deque<line> lines_;
};

TEST_F(uring, more_senders_than_buffers_lose_nothing) {
    constexpr std::size_t many = 700;  // of 256 buffers
    for (std::size_t i = 0; i < many; ++i) add();
    // No turn yet: in the first round all have bytes when they begin to receive.
    for (int round = 0; round < 3; ++round) {
        const std::string sent = pattern(20'000 + static_cast<std::size_t>(round));
        for (line& one : lines_) {
            one.near.got.clear();
            send(one, sent);
        }
        ASSERT_TRUE(until([&] {
            return std::ranges::all_of(
                lines_, [&](line& one) { return one.near.got.size() >= sent.size(); });
        })) << "round "
            << round;
        for (line& one : lines_) ASSERT_TRUE(one.near.got == sent) << "round " << round;
    }
}

TEST_F(uring, thousands_of_gathered_writes_in_one_turn_all_leave) {
    constexpr std::size_t many = 3000;  // a submission queue holds 1024
    for (std::size_t i = 0; i < many; ++i) add();
    turns(1);
    std::deque<std::string> words;
    writer_only mouth;
    for (std::size_t i = 0; i < many; ++i) {
        const std::string& word = words.emplace_back(std::to_string(i) + ' ');
        const std::array<bytes_view, 3> pieces{as_bytes(word), as_bytes("and "), as_bytes(word)};
        lines_[i].near.peer->attach(mouth);
        EXPECT_EQ(lines_[i].near.peer->write(pieces), 0U);
    }
    turns(4);
    for (std::size_t i = 0; i < many; ++i) {
        ASSERT_EQ(receive(lines_[i], 100), words[i] + "and " + words[i]);
    }
}

TEST_F(uring, completions_that_wait_are_held_while_paused_and_come_first_afterwards) {
    line& first = add();
    line& second = add();
    for (line* one : {&first, &second}) send(*one, "warm");
    ASSERT_TRUE(until([&] { return first.near.got == "warm" && second.near.got == "warm"; }));
    turns(2);  // both receive by multishot now
    // Whichever is told first pauses the other, whose completions are there already.
    tape* paused = nullptr;
    const auto pause = [&](tape& other) {
        if (paused != nullptr) return;
        paused = &other;
        other.peer->pause();
    };
    first.near.when_data = [&](tape&) { pause(second.near); };
    second.near.when_data = [&](tape&) { pause(first.near); };
    for (line* one : {&first, &second}) send(*one, "-held");
    ASSERT_TRUE(until([&] { return paused != nullptr; }));
    line& held = paused == &first.near ? first : second;
    turns(5);
    send(held, "-later");
    turns(5);
    EXPECT_EQ(held.near.got, "warm") << "no on_data while paused";
    held.near.peer->resume();
    ASSERT_EQ(held.near.got, "warm") << "not from inside resume()";
    ASSERT_TRUE(until([&] { return held.near.got.size() >= 15; }));
    EXPECT_EQ(held.near.got, "warm-held-later");
}

TEST_F(uring, held_bytes_are_delivered_by_a_release) {
    line& first = add();
    line& second = add();
    for (line* one : {&first, &second}) send(*one, "a");
    ASSERT_TRUE(until([&] { return first.near.got == "a" && second.near.got == "a"; }));
    turns(2);
    first.near.when_data = [&](tape&) { second.near.peer->pause(); };
    second.near.when_data = [&](tape&) { first.near.peer->pause(); };
    for (line* one : {&first, &second}) send(*one, "b");
    ASSERT_TRUE(until([&] { return first.near.got.size() + second.near.got.size() == 3; }));
    line& held = first.near.got == "a" ? first : second;
    held.near.when_data = nullptr;
    handle moved = held.near.peer->release();
    EXPECT_TRUE(moved);
    EXPECT_EQ(held.near.got, "ab") << "what had come is delivered by release()";
    held.near.peer = nullptr;
}

/// Takes numbers off the wire and moves after every so many reads.
struct counter final : receiver {
    stream* peer = nullptr;
    std::string cut;
    std::uint32_t next = 0;
    bool is_in_order = true;
    bool is_over = false;
    int reads = 0;

    void on_data(bytes lent) noexcept override {
        ++reads;
        cut += as_text(lent);
        std::size_t at = 0;
        for (; cut.size() - at >= sizeof next; at += sizeof next) {
            std::uint32_t number = 0;
            std::memcpy(&number, cut.data() + at, sizeof number);
            is_in_order = is_in_order && number == next;
            ++next;
        }
        cut.erase(0, at);
    }
    void on_written(std::size_t) noexcept override {}
    void on_closed(error) noexcept override {
        is_over = true;
        peer = nullptr;
    }
};

TEST_F(uring, released_in_full_flow_hundreds_of_times_loses_and_doubles_nothing) {
    auto other = make_uring_engine();
    ASSERT_TRUE(other);
    int both[2] = {-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both), 0);
    handle far = kernel_handle(both[1]);
    std::atomic<bool> stop{false};
    std::thread sender([&] {
        std::array<std::uint32_t, 777> numbers{};
        for (std::uint32_t from = 0; !stop; from += static_cast<std::uint32_t>(numbers.size())) {
            for (std::uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = from + i;
            if (::send(both[1], numbers.data(), sizeof numbers, MSG_NOSIGNAL) < 0) return;
        }
    });
    counter guest;
    std::array<io::engine*, 2> homes{engine_.get(), other->get()};
    handle moving = kernel_handle(both[0]);
    line& bystander = add();  // its completions must survive another stream's release
    int echoes = 0;
    constexpr int moves_wanted = 400;
    for (int moves = 0; moves < moves_wanted; ++moves) {
        io::engine& home = *homes[static_cast<std::size_t>(moves) % 2];
        guest.peer = *home.adopt(std::move(moving));
        guest.peer->attach(guest);
        send(bystander, "x");
        const int reads_wanted = guest.reads + 1 + moves % 7;
        while (guest.reads < reads_wanted) home.turn(home.now() + 10ms);
        moving = guest.peer->release();
        ASSERT_TRUE(moving);
        ++echoes;
    }
    stop = true;
    moving.reset();
    sender.join();
    EXPECT_TRUE(guest.is_in_order);
    EXPECT_FALSE(guest.is_over) << "released: gone without on_closed";
    EXPECT_GT(guest.next, 100'000U);
    ASSERT_TRUE(
        until([&] { return bystander.near.got.size() == static_cast<std::size_t>(echoes); }));
}

TEST_F(uring, release_inside_on_data_of_a_multishot_keeps_the_order) {
    line& one = add();
    send(one, "1");
    ASSERT_TRUE(until([&] { return one.near.got == "1"; }));
    turns(2);
    handle moved;
    int depth = 0;
    one.near.when_data = [&](tape& self) {
        if (++depth > 1 || self.peer == nullptr) return;
        moved = self.peer->release();
        self.peer = nullptr;
    };
    for (int i = 0; i < 40; ++i) send(one, std::string(1000, static_cast<char>('a' + i % 26)));
    ASSERT_TRUE(until([&] { return static_cast<bool>(moved); }));
    std::string rest(40'000, '\0');
    const ssize_t n =
        ::recv(static_cast<int>(moved.value()), rest.data(), rest.size(), MSG_DONTWAIT);
    const std::string all = one.near.got + rest.substr(0, n < 0 ? 0 : static_cast<std::size_t>(n));
    ASSERT_EQ(all.size(), 40'001U);
    for (std::size_t i = 1; i < all.size(); ++i) {
        ASSERT_EQ(all[i], static_cast<char>('a' + (i - 1) / 1000 % 26)) << "at " << i;
    }
}

TEST_F(uring, borrowed_bytes_are_not_read_after_on_closed) {
    line& one = add();
    turns(1);
    std::string borrowed(8'000'000, 'a');
    const std::array<bytes_view, 1> pieces{as_bytes(borrowed)};
    std::vector<error> ends;
    writer_only mouth;
    mouth.when_closed = [&](error why) {
        ends.push_back(why);
        std::ranges::fill(borrowed, 'z');
    };
    one.near.peer->attach(mouth);
    EXPECT_EQ(one.near.peer->write(pieces), 0U);
    // The kernel takes some of it; the second write waits for room that never comes.
    bool is_waiting = false;
    mouth.when_written = [&] {
        EXPECT_EQ(one.near.peer->write(pieces), 0U);
        is_waiting = true;
    };
    ASSERT_TRUE(until([&] { return is_waiting; }));
    turns(2);
    one.near.peer->close();
    ASSERT_TRUE(until([&] { return !ends.empty(); }));
    EXPECT_EQ(ends, std::vector<error>{error::none});
    std::size_t total = 0;
    for (std::string got = receive(one, 65536); !got.empty(); got = receive(one, 65536)) {
        ASSERT_EQ(got.find('z'), std::string::npos);
        total += got.size();
    }
    EXPECT_GT(total, 0U);
    EXPECT_LT(total, borrowed.size());
}

TEST_F(uring, slots_are_used_again_without_hearing_of_their_past) {
    for (int round = 0; round < 300; ++round) {
        lines_.clear();
        for (int i = 0; i < 8; ++i) add();
        for (line& one : lines_) send(one, "early");
        if (round % 2 == 0) turns(1);
        for (line& one : lines_) send(one, " late");
        engine_->turn(engine_->now());
        for (line& one : lines_) one.near.close();
        ASSERT_TRUE(until([&] {
            return std::ranges::all_of(lines_,
                                       [](line& one) { return one.near.closed.size() == 1; });
        }));
        for (line& one : lines_) {
            ASSERT_FALSE(one.near.heard_after_close);
            ASSERT_TRUE(std::string_view("early late").starts_with(one.near.got)) << one.near.got;
        }
    }
}

TEST_F(uring, made_on_one_thread_and_run_on_another) {
    line& one = add();
    host crowd;
    auto place = engine_->listen({.at = endpoint::loopback_v4(0), .device = {}}, crowd);
    ASSERT_TRUE(place);
    send(one, "hello");
    std::thread worker([&] {
        EXPECT_TRUE(until([&] { return one.near.got == "hello"; }));
        one.near.peer->close();
        EXPECT_TRUE(until([&] { return one.near.closed.size() == 1; }));
        place->reset();
        turns(1);
    });
    worker.join();
}

TEST_F(uring, connections_accepted_before_a_pause_wait_for_the_resume_or_end_with_the_listener) {
    host crowd;
    auto place = engine_->listen({.at = endpoint::loopback_v4(0), .device = {}}, crowd);
    ASSERT_TRUE(place);
    crowd.when_accept = [&](tape&) { (*place)->pause(); };
    std::vector<handle> guests;
    for (int i = 0; i < 3; ++i) guests.push_back(plain_connection((*place)->local().port()));
    ASSERT_TRUE(until([&] { return crowd.tapes.size() == 1; }));
    turns(3);
    ASSERT_EQ(crowd.tapes.size(), 1U) << "no on_accept while paused";
    (*place)->resume();
    ASSERT_EQ(crowd.tapes.size(), 1U) << "not from inside resume()";
    ASSERT_TRUE(until([&] { return crowd.tapes.size() == 2; }));
    turns(3);
    ASSERT_EQ(crowd.tapes.size(), 2U);
    place->reset();
    turns(1);
    char room = 0;
    EXPECT_LE(::recv(static_cast<int>(guests.back().value()), &room, 1, 0), 0);
}

}  // namespace
}  // namespace nightjar::io::test
