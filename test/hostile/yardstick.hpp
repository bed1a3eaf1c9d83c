#pragma once
// Well-behaved clients: pairs that send each other a message now and then and note how long it
// took.

#include <chrono>
#include <vector>

#include "plug.hpp"

namespace nightjar::hostile {

class yardstick {
public:
    using microseconds = std::chrono::microseconds;

    /// `pairs` connected publishers with a subscriber each, at QoS 1.
    yardstick(std::uint16_t port, unsigned pairs);

    /// Exchanges messages for so long, and appends how long each took, in microseconds. False where
    /// a message or a connection was lost.
    bool measure(std::chrono::milliseconds length, std::vector<double>& target);

private:
    struct pair {
        plug reader;
        plug writer;
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
    };
    void send(pair& by, std::size_t number);
    bool receive(pair& at, std::vector<double>& target);
    bool settle(std::vector<double>& target);

    std::vector<pair> pairs_;
};

}  // namespace nightjar::hostile
