// Whoever answers first is taken. [RFC 8305]
#include "contract/suite.hpp"
#include "kernel/kernel_lab.hpp"
#include "parts/name_server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nightjar/io/dial.hpp>

namespace nightjar::io::test {
namespace {

/// A place that neither accepts nor refuses: a listener whose queue is full drops further callers'
/// SYN.
class black_hole {
public:
    explicit black_hole(const char* address) : where_(*endpoint::parse(address, 0)) {
        listener_ = socket_for_us();
        sockaddr_storage name = raw(0);
        if (::bind(fd(listener_), reinterpret_cast<sockaddr*>(&name), size()) != 0) return;
        if (::listen(fd(listener_), 0) != 0) return;
        sockaddr_storage bound{};
        socklen_t length = sizeof bound;
        ::getsockname(fd(listener_), reinterpret_cast<sockaddr*>(&bound), &length);
        where_ = where_.with_port(
            ntohs(reinterpret_cast<sockaddr_in*>(&bound)->sin_port));  // as in sockaddr_in6
        name = raw(where_.port());
        for (handle& one : guests_) {
            one = socket_for_us();
            ::connect(fd(one), reinterpret_cast<sockaddr*>(&name), size());
        }
        is_there_ = true;
    }
    bool is_there() const { return is_there_; }
    endpoint where() const { return where_; }

private:
    static int fd(const handle& of) { return static_cast<int>(of.value()); }
    bool is_v6() const { return where_.kind() == endpoint::family::v6; }
    socklen_t size() const { return is_v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }
    handle socket_for_us() const {
        return kernel_handle(
            ::socket(is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    }
    sockaddr_storage raw(std::uint16_t port) const {
        sockaddr_storage out{};
        auto* four = reinterpret_cast<sockaddr_in*>(&out);
        four->sin_family = is_v6() ? AF_INET6 : AF_INET;
        four->sin_port = htons(port);
        void* to = is_v6() ? static_cast<void*>(&reinterpret_cast<sockaddr_in6*>(&out)->sin6_addr)
                           : static_cast<void*>(&four->sin_addr);
        std::memcpy(to, where_.address().data(), where_.address().size());
        return out;
    }

    endpoint where_;
    handle listener_;
    std::array<handle, 4> guests_;
    bool is_there_ = false;
};

class dialling : public contract {
protected:
    /// How long it took.
    duration dial_among(const std::vector<endpoint>& addresses, caller& who,
                        dial_options how = {}) {
        const instant begin = loop().now();
        who.under_way = io::dial(loop(), addresses, how, who);
        EXPECT_EQ(who.connections, 0) << "from the loop only";
        EXPECT_TRUE(
            until([&] { return who.connections + static_cast<int>(who.failures.size()) > 0; }));
        return engine().now() - begin;
    }
};

TEST(interleave, alternates_families_and_keeps_their_order) {
    const auto at = [](const char* text) { return *endpoint::parse(text, 1); };
    const std::vector<endpoint> sorted{at("::1"), at("::2"), at("::3"), at("1.1.1.1"),
                                       at("2.2.2.2")};
    EXPECT_EQ(interleave(sorted), (std::vector<endpoint>{at("::1"), at("1.1.1.1"), at("::2"),
                                                         at("2.2.2.2"), at("::3")}));
    EXPECT_TRUE(interleave({}).empty());
}

TEST_P(dialling, a_black_hole_costs_one_attempt_delay) {
    black_hole hole("::1");
    if (!hole.is_there()) GTEST_SKIP() << "no IPv6 here";
    caller guest;
    const duration took = dial_among({hole.where(), listener_->local()}, guest);
    EXPECT_EQ(guest.connections, 1);
    EXPECT_GE(took, 240ms) << "or the hole was none";
    EXPECT_LT(took, 2s);
    EXPECT_EQ(guest.line.peer->peer(), listener_->local());
    guest.line.close();
    EXPECT_TRUE(until([&] { return !guest.line.closed.empty(); }));
}

TEST_P(dialling, a_refusal_starts_the_next_at_once) {
    caller guest;
    const duration took =
        dial_among({lab_->nowhere(), listener_->local()}, guest, {.attempt_delay = 5s});
    EXPECT_EQ(guest.connections, 1);
    EXPECT_LT(took, 2s);
    guest.line.close();
    EXPECT_TRUE(until([&] { return !guest.line.closed.empty(); }));
}

TEST_P(dialling, fails_when_all_have_failed) {
    caller guest;
    dial_among({lab_->nowhere(), lab_->nowhere()}, guest);
    EXPECT_EQ(guest.failures, std::vector<error>{error::refused});
    caller nobody;
    dial_among({}, nobody);
    EXPECT_EQ(nobody.failures, std::vector<error>{error::not_found});
}

TEST_P(dialling, gives_up_at_the_time_limit) {
    black_hole hole("127.0.0.1");
    ASSERT_TRUE(hole.is_there());
    caller guest;
    const duration took = dial_among({hole.where()}, guest, {.time_limit = 150ms});
    EXPECT_EQ(guest.failures, std::vector<error>{error::timed_out});
    EXPECT_GE(took, 150ms);
}

TEST_P(dialling, says_nothing_once_cancelled) {
    black_hole hole("127.0.0.1");
    caller guest;
    guest.under_way =
        io::dial(loop(), std::array{hole.where(), listener_->local()}, {.host = {}}, guest);
    loop().run_once(instant::min());
    guest.under_way.reset();
    lab_->rest(400ms);
    EXPECT_EQ(guest.connections, 0);
    EXPECT_TRUE(guest.failures.empty());
}

TEST_P(dialling, by_name) {
    name_server server(loop());
    server.addresses = {*endpoint::parse("127.0.0.1", 0)};
    auto names = resolver::make(loop(), {.servers = server.place()});
    ASSERT_TRUE(names);
    caller guest;
    guest.under_way = io::dial(loop(), **names,
                               {.host = "eyeballs.test", .port = listener_->local().port()}, guest);
    ASSERT_TRUE(until([&] { return guest.connections == 1; }));
    guest.line.say("found");
    ASSERT_TRUE(
        until([&] { return host_.tapes.size() == 1 && host_.tapes.front().got == "found"; }));
    guest.line.close();
    EXPECT_TRUE(until([&] { return !guest.line.closed.empty(); }));
    caller lost;
    lost.under_way = io::dial(loop(), **names, {.host = "nobody.test", .port = 1}, lost);
    ASSERT_TRUE(until([&] { return !lost.failures.empty(); }));
    EXPECT_EQ(lost.failures, std::vector<error>{error::not_found});
}

TEST_P(dialling, localhost) {
    auto names = resolver::make(loop());
    ASSERT_TRUE(names);
    caller guest;
    guest.under_way =
        io::dial(loop(), **names, {.host = "localhost", .port = listener_->local().port()}, guest);
    ASSERT_TRUE(until([&] { return guest.connections == 1; }));
    guest.line.close();
    EXPECT_TRUE(until([&] { return !guest.line.closed.empty(); }));
}

INSTANTIATE_TEST_SUITE_P(on, dialling, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
