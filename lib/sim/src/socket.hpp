#pragma once
// One end of a wire as the stream of an engine.
//
//   fresh --attach--> open --close()--> closing --turn--> on_closed(none), retired
//                       |--fault, end--> on_closed(why), retired
//                       +--release()--> retired without a word

#include "engine.hpp"

#include <nightjar/io/stream.hpp>

namespace nightjar::sim {

/// What a handle names: an end of a wire that no engine holds.
struct loose_end {
    network* in;
    std::uint64_t wire_name;
    unsigned side;
};

class socket final : public io::stream, public source {
public:
    socket(engine& home, wire& on, unsigned side);
    ~socket() override;

    void attach(io::receiver& who) noexcept override;
    std::size_t write(std::span<const bytes_view> pieces) noexcept override;
    void shutdown() noexcept override;
    void pause() noexcept override { paused_ = true; }
    void resume() noexcept override;
    void close() noexcept override { leave(false); }
    void abort() noexcept override { leave(true); }
    io::handle release() noexcept override;
    io::endpoint peer() const noexcept override { return peer_; }
    io::endpoint local() const noexcept override { return local_; }

    bool is_taken() const noexcept { return state_ != state::fresh; }
    void deliver() override;

private:
    enum class state : std::uint8_t { fresh, open, closing, gone };

    bool is_open() const noexcept { return state_ == state::open; }
    void leave(bool abruptly);
    void settle_write();
    void end_output();
    std::size_t take(std::span<const bytes_view> pieces);
    void receive();
    void receive_all();
    void tell_end();
    void finish(error why);

    wire* wire_;
    unsigned side_;
    io::endpoint local_, peer_;
    io::receiver* receiver_ = nullptr;
    state state_ = state::fresh;
    bool paused_ = false;
    bool writing_ = false;
    bool shutdown_asked_ = false;
    bool output_ended_ = false;
    bool end_told_ = false;
    std::vector<bytes_view> borrowed_;  // what a write in flight may still be taken from
};

}  // namespace nightjar::sim
