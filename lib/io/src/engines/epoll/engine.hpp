#pragma once
// The engine over epoll: level-triggered, one read buffer, one recv per ready stream and turn.

#include "engines/readiness/engine.hpp"

#include <array>
#include <atomic>

namespace nightjar::io::epoll {

class poller final : public readiness::poller {
public:
    using interest = readiness::interest;

    poller(handle descriptor, const engine_options& how)
        : readiness::poller(how, true), descriptor_(std::move(descriptor)) {}
    ~poller() { discard(); }

    int descriptor() const noexcept { return static_cast<int>(descriptor_.value()); }
    bool change(int fd, readiness::source& who, interest from, interest to) noexcept override;

private:
    handle descriptor_;
};

class engine final : public readiness::engine {
public:
    engine(handle epoll, handle door, const engine_options& how);

    /// Registers the door; false with errno where the kernel refuses.
    bool start() noexcept;

    std::string_view name() const noexcept override { return "epoll"; }
    void turn(instant until) noexcept override;
    void wake() noexcept override;
    int descriptor() const noexcept override { return poller_.descriptor(); }

private:
    std::size_t wait(instant until) noexcept;
    int wait_for(duration most) noexcept;

    handle door_;  // an eventfd, edge-triggered: each write is an event, and nobody reads it
    std::atomic<bool> knocked_{false};
    bool has_pwait2_ = true;
    poller poller_;
    std::array<epoll_event, 512> events_;
};

}  // namespace nightjar::io::epoll
