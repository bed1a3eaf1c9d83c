// A loop of ours inside each host's: what is asked between turns is done, what comes is heard, and
// the host returns when the guest has left.
#include <event2/event.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <uv.h>

#include <nightjar/io/guests/asio.hpp>
#include <nightjar/io/guests/libevent.hpp>
#include <nightjar/io/guests/libuv.hpp>
#include <nightjar/io/guests/poll.hpp>
#include <nightjar/io/serve.hpp>

#include <thread>

namespace nightjar::io {
namespace {

/// Each host runs until nothing is left on it, as its users run it.
struct libuv_host {
    explicit libuv_host(loop& inside) {
        uv_loop_init(&host);
        guest.emplace(inside, host);
    }
    ~libuv_host() {
        guest.reset();
        uv_run(&host, UV_RUN_DEFAULT);
        EXPECT_EQ(uv_loop_close(&host), 0) << "nothing was left open";
    }
    void run() { uv_run(&host, UV_RUN_DEFAULT); }
    uv_loop_t host{};
    std::optional<guests::libuv> guest;
};

struct libevent_host {
    explicit libevent_host(loop& inside) : guest(std::in_place, inside, host) {}
    ~libevent_host() {
        guest.reset();
        event_base_free(host);
    }
    void run() { event_base_dispatch(host); }
    event_base* host = event_base_new();
    std::optional<guests::libevent> guest;
};

struct asio_host {
    explicit asio_host(loop& inside) : guest(inside, host) {}
    void run() { host.run(); }
    ::asio::io_context host;
    guests::asio guest;
};

struct poll_host {
    explicit poll_host(loop& inside) : guest(inside) {}
    void run() {
        pollfd one = guest.entry();
        while (guest.turn()) ::poll(&one, 1, guest.timeout());
    }
    guests::poll guest;
};

template <class Host>
class guest_of : public testing::Test {
protected:
    loop inside{std::move(*make_epoll_engine())};
};

using hosts = testing::Types<libuv_host, libevent_host, asio_host, poll_host>;
TYPED_TEST_SUITE(guest_of, hosts);

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

struct call_at final : timer {
    explicit call_at(std::function<void()> what)
        : timer([](timer& self, instant) noexcept { static_cast<call_at&>(self).then(); }),
          then(std::move(what)) {}
    std::function<void()> then;
};

TYPED_TEST(guest_of, a_timer_that_was_armed_between_turns_fires_and_never_early) {
    TypeParam host(this->inside);
    instant fired{};
    call_at end([&] {
        fired = this->inside.engine().now();
        this->inside.stop();
    });
    const instant began = this->inside.engine().now();
    this->inside.arm(end, 50ms);
    host.run();
    EXPECT_GE(fired - began, 50ms);
    EXPECT_LT(fired - began, 5s);
}

TYPED_TEST(guest_of, the_clock_does_not_stand_still_between_turns) {
    TypeParam host(this->inside);
    const instant before = this->inside.now();
    this->inside.post([&] { this->inside.stop(); });
    host.run();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_GE(this->inside.now() - before, 20ms);
}

TYPED_TEST(guest_of, another_thread_reaches_it_and_waiting_costs_nothing) {
    TypeParam host(this->inside);
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        this->inside.post([&] { this->inside.stop(); });
    });
    const double before = cpu_seconds();
    host.run();
    EXPECT_LT(cpu_seconds() - before, 0.2);
    other.join();
}

TYPED_TEST(guest_of, connections_are_served_inside) {
    struct echo {
        void on_data(line& peer, bytes lent) { peer.write(lent); }
    };
    TypeParam host(this->inside);
    auto server = serve<echo>(this->inside, {});
    ASSERT_TRUE(server);
    std::string heard;
    std::thread other([&, port = server->port] {
        loop own(std::move(*make_epoll_engine()));
        struct talker final : connector, receiver {
            talker(loop& on, std::string& into) : home(on), heard(into) {}
            void on_connected(stream& fresh) noexcept override {
                fresh.attach(*this);
                const bytes_view piece = as_bytes(std::string_view("hello"));
                EXPECT_EQ(fresh.write({&piece, 1}), 5U);
            }
            void on_connect_failed(error) noexcept override { home.stop(); }
            void on_data(bytes lent) noexcept override {
                heard.append(as_text(lent));
                if (heard.size() == 5) home.stop();
            }
            void on_written(std::size_t) noexcept override {}
            void on_closed(error) noexcept override {}
            loop& home;
            std::string& heard;
        } talking(own, heard);
        auto under_way = own.engine().connect({.to = endpoint::loopback_v4(port)}, talking);
        if (under_way) own.run();
        this->inside.post([&] { this->inside.stop(); });
    });
    host.run();
    other.join();
    EXPECT_EQ(heard, "hello");
}

TYPED_TEST(guest_of, a_guest_may_go_before_its_host) {
    { TypeParam host(this->inside); }
    int calls = 0;
    this->inside.post([&] { ++calls; });
    this->inside.run_once(instant::min());
    EXPECT_EQ(calls, 1) << "the loop is its own again";
}

}  // namespace
}  // namespace nightjar::io
