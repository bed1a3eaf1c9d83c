#include "attacks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "plug.hpp"

namespace nightjar::hostile {
namespace {

constexpr int small_window = 4096;  // of a client that does not want to read

plug connected(std::uint16_t port, std::string_view name, int receive_buffer = 0) {
    plug made{port, receive_buffer};
    made.send(connect_packet(name, 3600));
    made.await(mqtt::packet_type::connack);
    return made;
}

std::vector<plug> subscribers(std::uint16_t port, unsigned count, mqtt::qos level) {
    std::vector<plug> all;
    for (unsigned i = 0; i != count; ++i) {
        all.push_back(connected(port, fmt::format("lazy {}", i), small_window));
        all.back().send(subscribe_packet("flood/#", level));
        all.back().await(mqtt::packet_type::suback);
    }
    return all;
}

[[noreturn]] void publish_for_ever(std::uint16_t port, const std::string& packets) {
    plug writer = connected(port, "flood");
    while (true) {
        if (!writer.send(packets)) writer = connected(port, "flood");
        writer.drain();
    }
}

std::string repeated(const std::string& one, unsigned times) {
    std::string all;
    for (unsigned i = 0; i != times; ++i) all += one;
    return all;
}

/// 50 subscribers that never read, and one who publishes to them all it can.
void slow_readers(std::uint16_t port) {
    const auto lazy = subscribers(port, 50, mqtt::qos::at_most_once);
    publish_for_ever(port, repeated(publish_packet("flood/x", std::string(1000, 'x')), 20));
}

/// The same at QoS 1 with sessions that are kept: all of it is to be remembered.
void never_acknowledged(std::uint16_t port) {
    const auto lazy = subscribers(port, 20, mqtt::qos::at_least_once);
    const std::string one =
        publish_packet("flood/x", std::string(1000, 'x'), mqtt::qos::at_least_once);
    publish_for_ever(port, repeated(one, 20));
}

/// 300 clients that send a CONNECT or a PUBLISH byte by byte.
void byte_by_byte(std::uint16_t port) {
    struct trickle {
        plug at{0};
        std::string packet;
        std::size_t sent = 0;
    };
    std::vector<trickle> all(300);
    const std::string large = publish_packet("flood/x", std::string(200'000, 'x'));
    while (true) {
        for (std::size_t i = 0; i != all.size(); ++i) {
            trickle& one = all[i];
            if (!one.at.is_open() || one.sent == one.packet.size()) {
                one.at = plug{port};
                one.packet = connect_packet(fmt::format("slow {}", i)) + large;
                one.sent = 0;
            }
            std::size_t taken = 0;
            one.at.offer(std::string_view(one.packet).substr(one.sent, 1), taken);
            one.sent += taken;
        }
        ::usleep(2000);
    }
}

/// 500 connections that say nothing, replaced when the broker has had enough of them.
void half_open(std::uint16_t port) {
    std::vector<plug> all;
    while (true) {
        while (all.size() < 500) all.emplace_back(port);
        for (plug& one : all) one.drain();
        std::erase_if(all, [](const plug& one) { return !one.is_open(); });
        ::usleep(1000);
    }
}

constexpr auto all = std::to_array<attack>({
    {"slow readers", slow_readers},
    {"QoS 1 never acknowledged", never_acknowledged},
    {"a byte at a time", byte_by_byte},
    {"half-open connections", half_open},
});

}  // namespace

std::span<const attack> patient_attacks() { return all; }

}  // namespace nightjar::hostile
