// A message on its way through the broker asks nothing of the heap: not for QoS 0, not for QoS 1
// and 2 towards sessions that end with their connection, not for one subscriber and not for many.

#include <nightjar/base/output.hpp>
#include <nightjar/broker/broker.hpp>
#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "count.hpp"

namespace nightjar {
namespace {

using namespace mqtt;

class silent final : public broker::log_sink {
    void write(broker::log_config::type, std::string_view) noexcept override {}
};

/// A broker with one worker that turns only when the test says so.
class turned_broker {
public:
    explicit turned_broker(io::engine_kind kind) : loop_(std::move(*io::make_engine(kind))) {
        broker::broker_config how;
        broker::listener_config door;
        door.port = 0;
        door.address = "127.0.0.1";
        door.security.allow_anonymous = true;
        how.listeners = {door};
        how.sys_interval = std::chrono::seconds(0);
        how.log.types = 0;
        io::loop* loops[] = {&loop_};
        broker_ = std::make_unique<broker::broker>(how, broker::broker::ground{loops, &log_, 1});
        EXPECT_TRUE(broker_->open(0));
    }
    std::uint16_t port() const { return broker_->addresses().front().port(); }
    void turn() { loop_.run_once(loop_.now() + 2ms); }

private:
    silent log_;
    io::loop loop_;
    std::unique_ptr<broker::broker> broker_;
};

/// A client of plain system calls, whose packets are made beforehand.
class plain_client {
public:
    explicit plain_client(turned_broker& at, std::string_view name) : at_(at) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(at.port());
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
        fixed_output out{room_};
        EXPECT_TRUE(encode(connect{.version = version::v3_1_1, .client_id = name}, out));
        send(out.written());
        read(4);  // CONNACK
    }
    ~plain_client() { ::close(socket_); }

    void subscribe(std::string_view filter, qos maximum) {
        std::array<byte, 64> list;
        writer filters{list};
        subscription_list::put(filters, {.filter = filter, .maximum = maximum});
        fixed_output out{room_};
        EXPECT_TRUE(
            encode(mqtt::subscribe{.id = 1, .filters = subscription_list{filters.written()}},
                   version::v3_1_1, out));
        send(out.written());
        read(5);  // SUBACK
    }

    void send(bytes_view what) const {
        EXPECT_EQ(::send(socket_, what.data(), what.size(), 0), static_cast<ssize_t>(what.size()));
    }
    /// Turns the broker until so many bytes have come.
    bytes_view read(std::size_t size) {
        std::size_t have = 0;
        for (int turns = 0; have != size && turns != 2000; ++turns) {
            at_.turn();
            const ssize_t n = ::recv(socket_, in_.data() + have, size - have, MSG_DONTWAIT);
            if (n > 0) have += static_cast<std::size_t>(n);
        }
        EXPECT_EQ(have, size);
        return {in_.data(), have};
    }

private:
    turned_broker& at_;
    int socket_;
    std::array<byte, 256> room_;
    std::array<byte, 1 << 16> in_;
};

constexpr std::size_t batch = 16;  // below the default in-flight window

std::vector<byte> batch_of(qos level) {
    std::vector<byte> all(batch * 128);
    fixed_output out{all};
    const std::array<byte, 64> payload{};
    for (std::size_t i = 0; i != batch; ++i) {
        const publish one{
            .topic = "plant/7/temperature",
            .payload = payload,
            .id = level == qos::at_most_once ? packet_id{0} : static_cast<packet_id>(100 + i),
            .level = level};
        EXPECT_TRUE(encode(one, version::v3_1_1, out));
    }
    all.resize(out.written().size());
    return all;
}

/// PUBACK for each PUBLISH in `packets`, into `target`.
bytes_view acks_for(bytes_view packets, bytes target) {
    fixed_output out{target};
    while (!packets.empty()) {
        const cutting one = cut_packet(packets, {});
        publish what;
        EXPECT_EQ(one.what, cut::whole);
        EXPECT_FALSE(mqtt::read(one.packet, version::v3_1_1, {}, what));
        EXPECT_TRUE(encode(puback{.id = what.id}, version::v3_1_1, out));
        packets = packets.subspan(one.packet.size);
    }
    return out.written();
}

class allocation : public testing::TestWithParam<io::engine_kind> {};

TEST_P(allocation, none_per_message_at_qos_0_to_one_and_to_many) {
    for (const int subscribers : {1, 8}) {
        turned_broker at{GetParam()};
        std::vector<std::unique_ptr<plain_client>> readers;
        for (int i = 0; i != subscribers; ++i) {
            readers.push_back(std::make_unique<plain_client>(at, "reader" + std::to_string(i)));
            readers.back()->subscribe("plant/+/temperature", qos::at_most_once);
        }
        plain_client publisher{at, "publisher"};
        const auto messages = batch_of(qos::at_most_once);
        std::uint64_t before = 0;
        for (int round = 0; round != 60; ++round) {
            if (round == 20) before = allocations();  // pools and caches are warm
            publisher.send(messages);
            for (auto& one : readers) one->read(messages.size());
        }
        EXPECT_EQ(allocations() - before, 0U)
            << subscribers << " subscribers, 40 rounds of " << batch;
    }
}

TEST_P(allocation, none_per_message_at_qos_1_to_a_session_that_ends_with_its_connection) {
    turned_broker at{GetParam()};
    plain_client reader{at, "reader"};
    reader.subscribe("plant/#", qos::at_least_once);
    plain_client publisher{at, "publisher"};
    const auto messages = batch_of(qos::at_least_once);
    std::array<byte, 1024> room;
    std::uint64_t before = 0;
    for (int round = 0; round != 60; ++round) {
        if (round == 20) before = allocations();
        publisher.send(messages);
        publisher.read(4 * batch);
        reader.send(acks_for(reader.read(messages.size()), room));
    }
    EXPECT_EQ(allocations() - before, 0U) << "40 rounds of " << batch;
}

TEST_P(allocation, is_counted) {
    const auto before = allocations();
    auto* volatile text = new std::string(100, 'x');  // volatile: not optimised away
    delete text;
    EXPECT_GE(allocations() - before, 2U) << "the string and its characters";
}

INSTANTIATE_TEST_SUITE_P(engines, allocation,
                         testing::Values(io::engine_kind::epoll, io::engine_kind::uring),
                         [](const auto& which) {
                             return which.param == io::engine_kind::epoll ? "epoll" : "io_uring";
                         });

}  // namespace
}  // namespace nightjar
