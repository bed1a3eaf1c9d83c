#include "yardstick.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <cstring>

namespace nightjar::hostile {
namespace {

using clock = std::chrono::steady_clock;
constexpr auto send_every = std::chrono::microseconds(500);  // by one of the pairs in turn
constexpr auto settle_within = std::chrono::seconds(10);

std::int64_t now_ns() { return clock::now().time_since_epoch().count(); }

void wait_for_any(const std::vector<pollfd>& all, std::chrono::microseconds most) {
    auto copy = all;
    const timespec limit{.tv_sec = 0, .tv_nsec = std::max<long>(most.count(), 0) * 1000};
    ::ppoll(copy.data(), copy.size(), &limit, nullptr);
}

}  // namespace

yardstick::yardstick(std::uint16_t port, unsigned pairs) {
    for (unsigned i = 0; i != pairs; ++i) {
        pair one{plug{port}, plug{port}};
        one.reader.send(connect_packet(fmt::format("good reader {}", i)));
        one.reader.await(mqtt::packet_type::connack);
        one.reader.send(subscribe_packet(fmt::format("good/{}", i), mqtt::qos::at_least_once));
        one.reader.await(mqtt::packet_type::suback);
        one.writer.send(connect_packet(fmt::format("good writer {}", i)));
        one.writer.await(mqtt::packet_type::connack);
        pairs_.push_back(std::move(one));
    }
}

void yardstick::send(pair& by, std::size_t number) {
    const std::int64_t at = now_ns();
    char stamp[sizeof at];
    std::memcpy(stamp, &at, sizeof at);
    ++by.sent;
    const auto id = static_cast<mqtt::packet_id>(1 + by.sent % 60'000);
    by.writer.send(publish_packet(fmt::format("good/{}", number), {stamp, sizeof stamp},
                                  mqtt::qos::at_least_once, false, id));
    by.writer.drain();
}

bool yardstick::receive(pair& at, std::vector<double>& target) {
    at.reader.read([&](const mqtt::frame& one) {
        mqtt::publish what;
        if (one.type != mqtt::packet_type::publish || mqtt::read(one, mqtt::version::v5, {}, what))
            return;
        std::int64_t sent = 0;
        std::memcpy(&sent, what.payload.data(), sizeof sent);
        target.push_back(static_cast<double>(now_ns() - sent) / 1000.0);
        ++at.received;
        at.reader.send(wire(mqtt::puback{.id = what.id}));
    });
    return at.reader.is_open() && at.writer.is_open();
}

bool yardstick::measure(std::chrono::milliseconds length, std::vector<double>& target) {
    std::vector<pollfd> readers;
    for (const pair& one : pairs_)
        readers.push_back({.fd = one.reader.descriptor(), .events = POLLIN, .revents = 0});
    const auto end = clock::now() + length;
    auto due = clock::now();
    for (std::size_t turn = 0; clock::now() < end; ++turn) {
        const std::size_t number = turn % pairs_.size();
        send(pairs_[number], number);
        due += send_every;
        do {
            wait_for_any(readers, std::chrono::duration_cast<microseconds>(due - clock::now()));
            for (pair& one : pairs_)
                if (!receive(one, target)) return false;
        } while (clock::now() < due);
        due = std::max(due, clock::now() - send_every);  // no burst to catch up
    }
    return settle(target);
}

/// Until all that was sent has come.
bool yardstick::settle(std::vector<double>& target) {
    const auto end = clock::now() + settle_within;
    for (bool is_whole = false; !is_whole;) {
        is_whole = true;
        for (pair& one : pairs_) {
            if (!receive(one, target)) return false;
            is_whole = is_whole && one.received == one.sent;
        }
        if (clock::now() > end) return false;
    }
    return true;
}

}  // namespace nightjar::hostile
