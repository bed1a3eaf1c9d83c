#pragma once
// A connected socket on io_uring. Its wishes (read, do not read, leave) become submissions in
// settle(), once a turn, so that changing them back costs nothing.
//
//   fresh --attach--> open --close()--> closed --+--> operations cancelled and over --> on_closed,
//   freed
//                       |--fault------> failed --+
//                       +--release()--> freed
//
// The first receive is a single one: a connection that moves to another loop with its first bytes
// has nothing in flight. From then on one submission receives for ever (multishot).
//
// Invariants (check): 1. a descriptor until it is freed. 2. open has a receiver. 3. held bytes only
// while paused or until the next settle().

#include "engines/uring/completion.hpp"

#include <nightjar/io/stream.hpp>

#include <memory>
#include <vector>

namespace nightjar::io::uring {

class core;

class stream final : public io::stream {
public:
    stream(core& on, int descriptor) noexcept : on_(on), fd_(descriptor) {}
    ~stream();
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    void attach(receiver& who) noexcept override;
    std::size_t write(std::span<const bytes_view> pieces) noexcept override;
    void shutdown() noexcept override;
    void pause() noexcept override;
    void resume() noexcept override;
    void close() noexcept override;
    void abort() noexcept override;
    void acknowledge_input() noexcept override;
    handle release() noexcept override;
    endpoint peer() const noexcept override;
    endpoint local() const noexcept override;

    /// Puts what is wanted into submissions; delivers what pause() held back, and the end. May free
    /// it.
    void settle() noexcept;
    /// `lent` is what the completion brought. May free it.
    void on_received(const completion& what, bytes lent) noexcept;
    void on_sent(const completion& what) noexcept;
    /// While nothing is received, a poll hears of resets.
    void on_fault(const completion& what) noexcept;
    /// A cancellation came while its operation could not be found: settle() asks again.
    void on_miss() noexcept;

    /// Attached or closed: in somebody's hands.
    bool is_taken() const noexcept { return state_ != state::fresh; }

private:
    enum class state : std::uint8_t { fresh, open, failed, closed };

    bool is_over() const noexcept { return state_ == state::failed || state_ == state::closed; }
    bool is_wanting() const noexcept { return state_ == state::open && !paused_ && !ended_; }
    tag tag_of(kind what) const noexcept;
    void unsettle() noexcept;
    void fail(error why) noexcept;
    void leave() noexcept;
    void drain() noexcept;
    void finish() noexcept;
    void arm() noexcept;
    void watch() noexcept;
    void cancel(kind what, bool& is_cancelled) noexcept;
    void on_bytes(bytes lent) noexcept;
    void on_peer_ended() noexcept;
    void tell_end() noexcept;
    void tell_held() noexcept;
    void deliver_held() noexcept;
    void check() const noexcept;

    struct held_back {
        std::vector<byte> room;
        std::size_t told = 0;  // of it, from the front
    };

    core& on_;
    receiver* receiver_ = nullptr;
    std::unique_ptr<held_back> held_;  // came after pause() and before the kernel knew of it
    error why_;
    int fd_;
    std::uint32_t sending_ = 0;  // bytes of the write in flight, 0: none
    state state_ = state::fresh;
    bool unsettled_ = false;
    bool receiving_ = false;
    bool receive_cancelled_ = false;
    bool watching_ = false;  // for faults
    bool watch_cancelled_ = false;
    bool send_cancelled_ = false;
    bool warm_ = false;     // bytes have come: receive by multishot
    bool stalled_ = false;  // the last write did not fit: the next waits for room first
    bool paused_ = false;
    bool ended_ = false;       // the peer's side
    bool end_untold_ = false;  // on_end comes after what is held
    bool releasing_ = false;
    bool shutdown_asked_ = false;
    bool in_on_written_ = false;
};

static_assert(sizeof(stream) <= 64, "what an idle connection costs");

}  // namespace nightjar::io::uring
