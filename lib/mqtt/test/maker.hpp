#pragma once
// Draws legal packets. The caller gives the dice: RapidCheck's, so that a failing packet shrinks.

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include <nightjar/mqtt/packet.hpp>

namespace nightjar::mqtt {

/// Owns what the packets that it made look into: it must outlive them.
class maker {
public:
    /// A number from 0 up to, but without, `end`.
    using dice = std::function<unsigned(unsigned end)>;

    explicit maker(dice roll) : roll_(std::move(roll)) {}

    packet any(version v);

private:
    connect a_connect(version v);
    connack a_connack(version v);
    publish a_publish(version v);
    subscribe a_subscribe(version v);
    unsubscribe an_unsubscribe(version v);
    disconnect a_disconnect(version v);
    auth an_auth();
    template <class Ack>
    Ack an_ack(version v, std::string_view codes);
    template <class Answer>
    Answer an_answer(version v, property_place place, std::string_view codes);

    properties list(version v, property_place place);
    void put_one(property_writer& out, property_id id);

    unsigned below(unsigned end) { return roll_(end); }
    bool flip() { return below(2) == 1; }
    packet_id id() { return static_cast<packet_id>(1 + below(65535)); }
    qos level() { return static_cast<qos>(below(3)); }
    reason one_of(std::string_view codes) {
        return static_cast<reason>(codes[below(static_cast<unsigned>(codes.size()))]);
    }

    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
    bytes room(std::size_t size) { return blocks_.emplace_back(size); }
    bytes_view binary() { return as_bytes(keep(raw_bytes())); }
    std::string raw_bytes();
    std::string letters(unsigned most);
    std::string_view text() { return keep(letters(12)); }
    std::string_view name();
    std::string_view filter();

    dice roll_;
    std::deque<std::string> texts_;
    std::deque<std::vector<byte>> blocks_;
};

}  // namespace nightjar::mqtt
