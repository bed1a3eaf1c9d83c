#pragma once
// A server that says what a test tells it to say, packet by packet, and remembers what it heard.

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

#include "stage.hpp"

namespace nightjar::client::test {

class fake_server final : private io::acceptor, private io::receiver {
public:
    explicit fake_server(stage& scene) {
        io::listen_options at;
        at.at = io::endpoint::loopback_v4(0);
        auto made = scene.loop.engine().listen(at, *this);
        EXPECT_TRUE(made.has_value());
        listener_ = std::move(*made);
    }

    std::uint16_t port() const { return listener_->local().port(); }
    /// Answers a packet; the default accepts every CONNECT.
    std::function<void(const mqtt::packet&)> answer = [this](const mqtt::packet& p) {
        if (std::holds_alternative<mqtt::connect>(p)) say(welcome);
    };
    mqtt::connack welcome;
    /// First bytes of what came, with the type in the upper half.
    std::vector<mqtt::packet_type> heard;
    int accepted = 0;

    template <class Packet>
    void say(const Packet& p) {
        std::array<byte, 2048> room{};
        fixed_output out(room);
        if constexpr (std::is_same_v<Packet, mqtt::auth>)
            EXPECT_TRUE(mqtt::encode(p, out));
        else
            EXPECT_TRUE(mqtt::encode(p, mqtt::version::v5, out));
        const bytes_view all = out.written();
        ASSERT_NE(peer_, nullptr);
        static_cast<void>(peer_->write(std::span(&all, 1)));  // the client may be gone
    }
    void cut() {
        if (peer_ != nullptr) peer_->close();
    }
    bool has_peer() const { return peer_ != nullptr; }

private:
    void on_accept(io::stream& fresh) noexcept override {
        ++accepted;
        held_.clear();
        peer_ = &fresh;
        fresh.attach(*this);
    }
    void on_accept_failed(error) noexcept override {}
    void on_data(bytes lent) noexcept override {
        held_.insert(held_.end(), lent.begin(), lent.end());
        bytes_view in(held_);
        while (!in.empty()) {
            const auto step = mqtt::decode(in, mqtt::version::v5, {});
            const auto* whole = std::get_if<mqtt::framed>(&step);
            if (whole == nullptr) break;
            heard.push_back(static_cast<mqtt::packet_type>(in[0] >> 4));
            if (peer_ != nullptr) answer(whole->what);
            in = in.subspan(whole->size);
        }
        held_.erase(held_.begin(), held_.end() - static_cast<std::ptrdiff_t>(in.size()));
    }
    void on_written(std::size_t) noexcept override {}
    void on_closed(error) noexcept override { peer_ = nullptr; }

    std::unique_ptr<io::listener> listener_;
    io::stream* peer_ = nullptr;
    std::vector<byte> held_;
};

}  // namespace nightjar::client::test
