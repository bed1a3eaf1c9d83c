#include <fmt/format.h>

#include <array>

#include "attacks.hpp"
#include "plug.hpp"

namespace nightjar::hostile {
namespace {

constexpr std::size_t levels_max = 65'535;

/// Sends what `next(n)` makes, for ever; comes again when it is sent away.
template <class Next>
[[noreturn]] void keep_sending(std::uint16_t port, Next&& next) {
    for (unsigned life = 0;; ++life) {
        plug at{port};
        at.send(connect_packet(fmt::format("hostile {}", life % 100)));
        at.await(mqtt::packet_type::connack);
        for (unsigned n = 0; at.send(next(n)); ++n) at.drain();
    }
}

void connects(std::uint16_t port) {
    while (true) {
        std::vector<plug> crowd;
        for (int i = 0; i != 50; ++i) {
            crowd.emplace_back(port);
            crowd.back().send(connect_packet(fmt::format("come and go {}", i)));
        }
        for (plug& one : crowd) one.reset();
    }
}

/// As many levels as a topic can have, and as many as are allowed.
void deep_topics(std::uint16_t port) {
    const std::string deepest = publish_packet(std::string(levels_max, '/'), "x");
    const std::string filter = subscribe_packet(std::string(levels_max, '/'), mqtt::qos{});
    unsigned ends = 0;  // either ends the connection
    keep_sending(port, [&](unsigned n) {
        if (n == 20) return ++ends % 2 ? deepest : filter;
        std::string deep;
        for (unsigned level = 0; level != 199; ++level) deep += fmt::format("{}/", (n + level) % 7);
        return n % 2 ? publish_packet(deep, "x") : subscribe_packet(deep + '#', mqtt::qos{});
    });
}

void retained(std::uint16_t port) {
    keep_sending(port, [](unsigned n) {
        std::string all;
        for (unsigned i = 0; i != 50; ++i)
            all += publish_packet(fmt::format("kept/{}/{}", n, i), std::string(500, 'x'),
                                  mqtt::qos::at_most_once, true);
        return all;
    });
}

/// Wildcards of all shapes, and messages between them, so that each route is looked for again.
void wildcards(std::uint16_t port) {
    keep_sending(port, [](unsigned n) {
        std::string filter;
        for (unsigned level = 0; level != 10; ++level) filter += (n >> level & 1) ? "+/" : "a/";
        return subscribe_packet(fmt::format("{}{}", filter, n), mqtt::qos{}) +
               publish_packet("a/a/a/a/a/a/a/a/a/a/x", "x");
    });
}

void tiny_packets(std::uint16_t port) {
    std::string all;
    for (unsigned i = 0; i != 1000; ++i)
        all += wire(mqtt::pingreq{}) + publish_packet("t", {}) +
               publish_packet("t", {}, mqtt::qos::exactly_once, false,
                              static_cast<mqtt::packet_id>(i % 19 + 1));
    keep_sending(port, [&](unsigned) { return all; });
}

/// One message becomes many: 300 subscriptions of readers that do read.
void fan_out(std::uint16_t port) {
    std::vector<plug> readers;
    for (unsigned i = 0; i != 300; ++i) {
        plug& one = readers.emplace_back(port);
        one.send(connect_packet(fmt::format("many {}", i)));
        one.await(mqtt::packet_type::connack);
        one.send(subscribe_packet("fan", mqtt::qos::at_most_once));
        one.await(mqtt::packet_type::suback);
    }
    std::string all;
    for (unsigned i = 0; i != 1000; ++i) all += publish_packet("fan", "x");
    keep_sending(port, [&](unsigned) {
        for (plug& one : readers) one.drain();
        return all;
    });
}

constexpr auto all = std::to_array<attack>({
    {"CONNECT flood", connects},
    {"topics of many levels", deep_topics},
    {"retained flood", retained},
    {"wildcard subscriptions", wildcards},
    {"tiny packets", tiny_packets},
    {"a publisher to 300", fan_out},
});

}  // namespace

std::span<const attack> floods() { return all; }

}  // namespace nightjar::hostile
