#pragma once
// Messages of one publisher on one topic, numbered 0, 1, 2, …, and what each subscriber has got of
// them. A message carries its flow, its number and the time that its latency counts from.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/time.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace nightjar::app::benchmark {

class publisher;

/// Holds what a subscriber gets against the numbers that the publisher gave.
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

struct flow;

/// One flow at one of its subscribers.
struct sink {
    flow* of = nullptr;
    arrivals got{};
    /// How far the subscriber is with all flows of the same publisher, in the publisher's count.
    /// What was lost at QoS 0 is passed by what came after it.
    std::uint64_t* reached = nullptr;
};

struct flow {
    std::uint32_t index = 0;
    std::string topic{};
    publisher* source = nullptr;
    std::uint32_t place = 0;     ///< Among the flows of its publisher, which take turns.
    std::uint64_t sent = 0;      ///< In this flow.
    std::vector<sink*> sinks{};  ///< None: nobody subscribes, the broker's answer is the end.

    /// Whether every subscriber is past the publisher's message `number`. O(subscribers).
    bool is_past(std::uint64_t number) const noexcept {
        for (const sink* one : sinks) {
            if (*one->reached <= number) return false;
        }
        return true;
    }
    bool is_settled() const noexcept {
        for (const sink* one : sinks) {
            if (one->got.expected() != sent) return false;
        }
        return true;
    }
    /// Messages that never came, now that nothing comes any more.
    std::uint64_t lost() const noexcept {
        std::uint64_t sum = 0;
        for (const sink* one : sinks) sum += one->got.lost() + sent - one->got.expected();
        return sum;
    }
};

/// The first bytes of a payload.
struct stamp {
    static constexpr std::size_t size = 16;

    std::uint64_t mark = 0;  ///< The flow's index, then 40 bits of number.
    instant due{};           ///< When it was sent, or was to be sent.

    void write(byte* at) const noexcept {
        const std::int64_t ns = due.time_since_epoch().count();
        std::memcpy(at, &mark, sizeof mark);
        std::memcpy(at + sizeof mark, &ns, sizeof ns);
    }
    static stamp read(const byte* at) noexcept {
        stamp made;
        std::int64_t ns = 0;
        std::memcpy(&made.mark, at, sizeof made.mark);
        std::memcpy(&ns, at + sizeof made.mark, sizeof ns);
        made.due = instant(duration(ns));
        return made;
    }
    static std::uint64_t to_mark(std::uint32_t flow, std::uint64_t number) noexcept {
        return std::uint64_t{flow} << 40 | number;
    }
    std::uint64_t flow() const noexcept { return mark >> 40; }
    std::uint64_t number() const noexcept { return mark & ((std::uint64_t{1} << 40) - 1); }
};

}  // namespace nightjar::app::benchmark
