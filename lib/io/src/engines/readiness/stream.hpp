#pragma once
// A connected socket. Holds no bytes: what a write did not take stays with the connection,
// and what has come stays with the kernel until it can be lent.
//
//   fresh --attach--> open --close()--> closed --+
//                       |--fault------> failed --+--> settle: on_closed, freed
//                       +--release()--> released +--> settle: freed
//
// Invariants (check):
//   1. fresh, open and failed own a descriptor; closed and released own none.
//   2. closed, failed and released are retired until they are settled.
//   3. open has a receiver.

#include "engines/readiness/interest.hpp"
#include "engines/readiness/source.hpp"

#include <nightjar/io/stream.hpp>

namespace nightjar::io::readiness {

class poller;

class stream final : public io::stream, public source {
public:
    stream(poller& on, int fd) noexcept : on_(on), fd_(fd) {}
    ~stream();

    void attach(receiver& who) noexcept override;
    std::size_t write(std::span<const bytes_view> pieces) noexcept override;
    void shutdown() noexcept override;
    void pause() noexcept override {
        paused_ = true;
    }  // the kernel is told when an event proves the need
    void resume() noexcept override;
    void close() noexcept override;
    void abort() noexcept override;
    void acknowledge_input() noexcept override;
    handle release() noexcept override;
    endpoint peer() const noexcept override;
    endpoint local() const noexcept override;

    void on_event(std::uint32_t events) noexcept override;
    void settle() noexcept override;
    void discard() noexcept override;

    /// Attached, closed or released: in somebody's hands.
    bool is_taken() const noexcept { return state_ != state::fresh; }

private:
    enum class state : std::uint8_t { fresh, open, failed, closed, released };

    bool is_reading() const noexcept { return !paused_ && !ended_; }
    void receive() noexcept;
    void on_peer_ended() noexcept;
    void on_room() noexcept;
    void fail(error why) noexcept;
    void drain() noexcept;
    void end_output() noexcept;
    /// After a hang-up of which nobody wants to hear, nothing is registered until something is
    /// wanted.
    void tell_kernel(interest wanted) noexcept;
    void set_interest(interest wanted) noexcept;
    void tell_kernel() noexcept { tell_kernel(to_interest(is_reading(), writing_)); }
    void drop_descriptor() noexcept;
    void check() const noexcept;

    poller& on_;
    receiver* receiver_ = nullptr;
    error why_;
    int fd_;
    state state_ = state::fresh;
    interest interest_ = interest::absent;  // what the kernel knows
    bool paused_ : 1 = false;
    bool ended_ : 1 = false;    // the peer's side
    bool writing_ : 1 = false;  // a write is in flight
    bool shutdown_asked_ : 1 = false;
    bool output_ended_ : 1 = false;
};

// A broker aims at 512 bytes for an idle connection, all told.
static_assert(sizeof(stream) <= 80);

}  // namespace nightjar::io::readiness
