#pragma once
// The engine over epoll: level-triggered, one read buffer, one recv per ready stream and turn.

#include "engines/epoll/listener.hpp"
#include "engines/epoll/poller.hpp"

#include <nightjar/io/engine.hpp>

#include <array>
#include <atomic>

namespace nightjar::io::epoll {

class engine final : public io::engine {
public:
    engine(handle epoll, handle door, const engine_options& how);
    /// Open streams are closed and nobody is told. Promise: its listeners, attempts and watches are
    /// gone.
    ~engine() override = default;

    /// Registers the door; false with errno where the kernel refuses.
    bool start() noexcept;

    std::string_view name() const noexcept override { return "epoll"; }
    instant now() noexcept override;
    void turn(instant until) noexcept override;
    void wake() noexcept override;

    result<std::unique_ptr<io::listener>> listen(const listen_options& how, acceptor& who) override;
    result<std::unique_ptr<io::attempt>> connect(const connect_options& how,
                                                 connector& who) override;
    result<io::stream*> adopt(handle what) override;
    result<std::unique_ptr<io::watch>> observe(int descriptor, io::watch::watcher& who) override;

private:
    std::size_t wait(instant until) noexcept;
    int wait_for(duration most) noexcept;
    instant end_of_rest() noexcept;
    void wake_rested() noexcept;

    handle door_;  // an eventfd, edge-triggered: each write is an event, and nobody reads it
    std::atomic<bool> knocked_{false};
    bool has_pwait2_ = true;
    accepting::rest_list resting_;
    poller poller_;
    std::array<epoll_event, 512> events_;
};

}  // namespace nightjar::io::epoll
