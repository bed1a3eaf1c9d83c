// A client that says something small and waits for no answer hears at once that it has come: under
// Nagle's algorithm its next small packet waits for that.

#include <nightjar/broker/broker.hpp>

#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

namespace nightjar::broker {
namespace {

/// A blocking socket of a client's.
class plain_client {
public:
    explicit plain_client(std::uint16_t port)
        : socket_(io::kernel_handle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_there_ = ::connect(fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }

    bool is_there() const noexcept { return is_there_; }
    bool say(std::initializer_list<byte> packet) const {
        return ::send(fd(), packet.begin(), packet.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(packet.size());
    }
    /// What has come and was not read yet.
    std::size_t take() const {
        std::array<byte, 256> room;
        const auto got = ::recv(fd(), room.data(), room.size(), MSG_DONTWAIT);
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    /// Bytes that the other side has not acknowledged.
    int unacknowledged() const {
        int count = -1;
        ::ioctl(fd(), SIOCOUTQ, &count);
        return count;
    }

private:
    int fd() const noexcept { return static_cast<int>(socket_.value()); }

    io::handle socket_;
    bool is_there_ = false;
};

class small_input : public testing::TestWithParam<io::engine_kind> {
protected:
    void SetUp() override {
        auto engine = io::make_engine(GetParam());
        if (!engine) GTEST_SKIP() << "this machine has no such engine";
        loop_ = std::make_unique<io::loop>(std::move(*engine));
        broker_config how;
        how.sys_interval = 0s;
        listener_config& door = how.listeners.emplace_back();
        door.port = 0;
        door.address = "127.0.0.1";
        door.security.allow_anonymous = true;
        loops_[0] = loop_.get();
        broker_ = std::make_unique<broker>(how, broker::ground{.loops = loops_, .log = &sink_});
        ASSERT_TRUE(broker_->open(0));
        client_.emplace(broker_->addresses().front().port());
        ASSERT_TRUE(client_->is_there());
    }

    void TearDown() override {
        if (!broker_) return;
        client_.reset();
        broker_->shut_down(0);
        EXPECT_TRUE(until([&] { return broker_->is_quiet(0); }));
        broker_.reset();
    }

    bool until(const std::function<bool()>& done) {
        const instant end = loop_->engine().now() + 10s;
        while (!done() && loop_->engine().now() < end)
            loop_->run_once(std::min(end, loop_->engine().now() + 20ms));
        return done();
    }
    /// Says it, and lets the broker turn until its answer has so many bytes.
    bool ask(std::initializer_list<byte> packet, std::size_t answer) {
        std::size_t got = 0;
        return client_->say(packet) && until([&] { return (got += client_->take()) >= answer; });
    }
    std::uint64_t heard() const { return broker_->count().messages_received; }

    struct silent final : log_sink {
        void write(log_config::type, std::string_view) noexcept override {}
    } sink_;
    std::unique_ptr<io::loop> loop_;
    std::array<io::loop*, 1> loops_{};
    std::unique_ptr<broker> broker_;
    std::optional<plain_client> client_;
};

TEST_P(small_input, that_needs_no_answer_is_acknowledged_at_once) {
    ASSERT_TRUE(ask({0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c'}, 4));
    // A connection that has answered often delays its acknowledgements, to send them with an
    // answer.
    for (int i = 0; i != 20; ++i) ASSERT_TRUE(ask({0xC0, 0}, 2));
    const std::uint64_t before = heard();
    ASSERT_TRUE(client_->say({0x30, 3, 0, 1, 'a'}));
    // Before the broker has turned, only the kernel could acknowledge it.
    ASSERT_EQ(client_->unacknowledged(), 5) << "this kernel does not delay acknowledgements";
    ASSERT_TRUE(until([&] { return heard() == before + 1; }));
    EXPECT_EQ(client_->unacknowledged(), 0);
}

INSTANTIATE_TEST_SUITE_P(engines, small_input,
                         testing::Values(io::engine_kind::epoll, io::engine_kind::uring),
                         [](const auto& of) {
                             return of.param == io::engine_kind::epoll ? "epoll" : "io_uring";
                         });

}  // namespace
}  // namespace nightjar::broker
