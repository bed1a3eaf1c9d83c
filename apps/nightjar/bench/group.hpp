#pragma once
// One publisher and its subscribers on one topic. A closed loop: as many messages are under way as
// the options say, counted by the slowest subscriber; for n messages that have come, n more are
// sent, all in one write per turn.

#include "peer.hpp"

#include <memory>
#include <vector>

namespace nightjar::app::benchmark {

/// Holds what a subscriber gets against the numbers that the publisher gave: 0, 1, 2, …
class arrivals {
public:
    /// false: this number, or a later one, has come before.
    bool take(std::uint64_t number) noexcept {
        if (number < expected_) return false;
        lost_ += number - expected_;
        expected_ = number + 1;
        return true;
    }
    std::uint64_t expected() const noexcept { return expected_; }
    std::uint64_t lost() const noexcept { return lost_; }

private:
    std::uint64_t expected_ = 0;
    std::uint64_t lost_ = 0;
};

class group;

class subscriber final : public peer {
public:
    subscriber(group& of, world& where, std::string client_id)
        : peer(where, std::move(client_id)), group_(of) {}
    const arrivals& got() const noexcept { return got_; }

private:
    void on_accepted(const mqtt::connack& answer) noexcept override;
    void on_suback(const mqtt::suback& answer) noexcept override;
    std::size_t on_packets(bytes_view& in) noexcept override;
    void on_publish(const mqtt::frame& what) noexcept;
    void answer(const mqtt::frame& what) noexcept;
    void check(bytes_view payload) noexcept;

    group& group_;
    arrivals got_;
};

class publisher final : public peer {
public:
    publisher(group& of, world& where, std::string client_id);
    std::uint64_t sent() const noexcept { return sent_; }
    std::uint64_t acknowledged() const noexcept { return acknowledged_; }
    /// A subscriber has something new, or sending may begin.
    void go_on() noexcept { mark(); }

private:
    void on_accepted(const mqtt::connack& answer) noexcept override;
    std::size_t on_packets(bytes_view& in) noexcept override;
    void on_ack(const mqtt::frame& what) noexcept;
    void refill() noexcept override;

    group& group_;
    std::vector<byte> model_;  // a whole PUBLISH, without number and identifier
    std::size_t id_at_ = 0;    // where its packet identifier stands; 0 at QoS 0
    std::size_t number_at_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t acknowledged_ = 0;  // at QoS 0: those sent
    std::uint16_t receive_maximum_ = 65535;
};

class group {
public:
    group(world& where, std::uint32_t index);
    group(const group&) = delete;
    group& operator=(const group&) = delete;

    std::uint32_t index() const noexcept { return index_; }
    const std::string& topic() const noexcept { return topic_; }
    publisher& source() noexcept { return source_; }
    std::vector<std::unique_ptr<subscriber>>& sinks() noexcept { return sinks_; }
    /// How many messages every subscriber is through with. O(subscribers).
    std::uint64_t slowest() const noexcept;
    bool is_settled() const noexcept {
        return slowest() == source_.sent() && source_.acknowledged() == source_.sent();
    }
    /// Messages that were lost at QoS 0 until now; once the group is silent, with those at the end.
    std::uint64_t lost(bool is_silent) const noexcept;

private:
    std::uint32_t index_;
    std::string topic_;
    publisher source_;
    std::vector<std::unique_ptr<subscriber>> sinks_;
};

/// A message's first eight bytes: its group and its number.
constexpr std::uint64_t to_mark(std::uint32_t group, std::uint64_t number) noexcept {
    return std::uint64_t{group} << 40 | number;
}

}  // namespace nightjar::app::benchmark
