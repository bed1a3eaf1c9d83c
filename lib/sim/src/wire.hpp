#pragma once
// One connection: two ends, and a way in each direction with the buffers of both ends' kernels.
//
//      write ─► | sending | ─ packets in flight ─► | received | ─► on_data         and the same
//      back
//                send_max   └──── at most window together ────┘
//
// An end is `at` a socket, or waits for one (in a listener's queue, in a handle), or is gone.

#include "byte_queue.hpp"

#include <nightjar/base/result.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/io/endpoint.hpp>

#include <deque>
#include <span>

namespace nightjar::sim {

class network;
class socket;

class wire {
public:
    struct terminal {
        unsigned host = 0;
        io::endpoint address;
    };

    wire(network& in, std::uint64_t name, const terminal& from, const terminal& to);

    std::uint64_t name() const noexcept { return name_; }
    const io::endpoint& address(unsigned side) const noexcept { return ends_[side].own.address; }
    unsigned host(unsigned side) const noexcept { return ends_[side].own.host; }

    // --- for the socket at an end
    /// Null: nobody for now.
    void seat(unsigned side, socket* who) noexcept { ends_[side].at = who; }
    /// Takes `most` bytes at most; how many had room.
    std::size_t take(unsigned side, std::span<const bytes_view> pieces, std::size_t most);
    std::size_t room(unsigned side) const noexcept;
    /// After what is being sent the peer reads an end.
    void end_output(unsigned side);
    std::size_t waiting(unsigned side) const noexcept { return in(side).received.size(); }
    std::vector<byte> read(unsigned side, std::size_t n);
    bool has_ended(unsigned side) const noexcept { return in(side).has_ended; }
    error fault(unsigned side) const noexcept { return ends_[side].fault; }
    /// That end will not be heard of again. May free the wire.
    void leave(unsigned side, bool abruptly);

    // --- for the weather
    void reset();
    void vanish(unsigned side);
    void open_window();

private:
    struct packet {
        enum kind : std::uint8_t { data, end, reset } what;
        std::vector<byte> content;
    };
    struct way {
        byte_queue sending;
        std::deque<packet> flying;
        std::size_t flying_bytes = 0;
        byte_queue received;
        std::size_t send_max = 0, window = 0;
        instant last_arrival{};
        bool end_wanted = false, end_sent = false, has_ended = false;
        bool is_dead = false;     // nothing is sent any more
        bool is_void = false;     // nothing arrives any more
        bool is_opening = false;  // the news of an opened window is on its way
        bool is_doomed = false;   // nobody acknowledges, and the sender's patience is counted
    };
    struct terminus {
        terminal own;
        socket* at = nullptr;
        bool is_gone = false;
        error fault;
    };

    way& out(unsigned side) noexcept { return ways_[side]; }
    const way& out(unsigned side) const noexcept { return ways_[side]; }
    way& in(unsigned side) noexcept { return ways_[1 - side]; }
    const way& in(unsigned side) const noexcept { return ways_[1 - side]; }

    void pump(unsigned side);
    void launch(unsigned side, packet what);
    void arrive(unsigned side);
    void arrive_data(unsigned side, packet what);
    void send_reset(unsigned side);
    void doom(unsigned side);
    void fail(unsigned side, error why);
    void nudge(unsigned side);

    network& in_;
    std::uint64_t name_;
    terminus ends_[2];
    way ways_[2];  // by the side that writes
};

}  // namespace nightjar::sim
