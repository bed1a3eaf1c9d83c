#pragma once
// A listening socket on io_uring: one submission accepts for ever (multishot).
//
//   armed_ --completion with a descriptor--> on_accept (or kept while paused)
//          --out of descriptors-----------> rests 100 ms, told once, armed again

#include "engines/uring/core.hpp"

#include <vector>

namespace nightjar::io::uring {

class listener final : public io::listener, private operation {
public:
    listener(core& on, handle socket, bool is_shared, acceptor& who) noexcept
        : on_(on), socket_(std::move(socket)), who_(who), is_shared_(is_shared) {}
    ~listener() override;

    /// False when there are too many operations.
    bool start() noexcept;

    endpoint local() const noexcept override;
    void pause() noexcept override;
    void resume() noexcept override;

private:
    void on_completion(const completion& what) noexcept override;
    void on_accepted(const completion& what) noexcept;
    /// May destroy it.
    void deliver(int descriptor) noexcept;
    void deliver_kept() noexcept;
    void on_trouble(error why) noexcept;
    void arm() noexcept;
    void rest() noexcept;
    void disarm() noexcept;
    int fd() const noexcept { return static_cast<int>(socket_.value()); }

    core& on_;
    handle socket_;
    acceptor& who_;
    id<entry> name_;
    bool is_shared_;         // others listen on the same socket: it is not ours to shut down
    std::vector<int> kept_;  // accepted before the kernel knew of the pause
    bool armed_ = false;
    bool resting_ = false;
    bool failing_ = false;  // told, and not recovered
    bool paused_ = false;
};

}  // namespace nightjar::io::uring
