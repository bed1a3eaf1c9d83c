// A message at QoS 0 on its way out of the client asks nothing of the heap, with and without topic
// aliases; at QoS 1 it asks once, for the copy that is kept until it is acknowledged.

#include <nightjar/client/client.hpp>

#include <gtest/gtest.h>

#include <array>

#include "count.hpp"

namespace nightjar {
namespace {

/// Accepts anybody and reads what comes; of QoS 1 it acknowledges what looks like this test's.
class sink final : private io::acceptor, private io::receiver {
public:
    explicit sink(io::loop& on) {
        io::listen_options at;
        at.at = io::endpoint::loopback_v4(0);
        listener_ = std::move(*on.engine().listen(at, *this));
    }
    std::uint16_t port() const { return listener_->local().port(); }
    std::size_t bytes = 0;

private:
    void on_accept(io::stream& fresh) noexcept override {
        peer_ = &fresh;
        fresh.attach(*this);
    }
    void on_accept_failed(error) noexcept override {}
    void on_data(nightjar::bytes lent) noexcept override {
        // CONNACK with a topic alias maximum of 10. [MQTT-5 3.2]
        static constexpr std::array<byte, 8> welcome = {0x20, 6, 0, 0, 3, 0x22, 0, 10};
        const bytes_view whole(welcome);
        if (bytes == 0) static_cast<void>(peer_->write(std::span(&whole, 1)));
        bytes += lent.size();
    }
    void on_written(std::size_t) noexcept override {}
    void on_closed(error) noexcept override {}

    std::unique_ptr<io::listener> listener_;
    io::stream* peer_ = nullptr;
};

class client_allocation : public testing::TestWithParam<std::uint16_t> {
protected:
    client_allocation() {
        client::options how;
        how.host = "127.0.0.1";
        how.port = server.port();
        how.own_topic_aliases_max = GetParam();
        how.in_flight_max = 60'000;
        EXPECT_TRUE(one.connect(how, {}).has_value());
        while (!one.is_connected()) loop.run_once(loop.now() + 10ms);
    }
    /// How often the heap was asked while `count` messages went out.
    std::uint64_t publish(int count, mqtt::qos level) {
        const std::size_t before = server.bytes;
        const std::uint64_t asked = allocations();
        for (int i = 0; i != count; ++i)
            EXPECT_TRUE(one.publish("home/kitchen/temperature", "21.5", level).has_value());
        while (server.bytes < before + static_cast<std::size_t>(count) * 8)
            loop.run_once(loop.now() + 1ms);
        return allocations() - asked;
    }

    io::loop loop{std::move(*io::make_epoll_engine())};
    sink server{loop};
    client::client one{loop};
};

TEST_P(client_allocation, is_none_for_a_message_at_qos_0) {
    publish(500, mqtt::qos::at_most_once);  // chunks and tables grow to what they need
    EXPECT_EQ(publish(500, mqtt::qos::at_most_once), 0u);
}

TEST_P(client_allocation, is_one_for_a_message_at_qos_1) {
    publish(500, mqtt::qos::at_least_once);
    EXPECT_EQ(publish(500, mqtt::qos::at_least_once), 500u);
}

INSTANTIATE_TEST_SUITE_P(aliases, client_allocation, testing::Values(0, 5));

}  // namespace
}  // namespace nightjar
