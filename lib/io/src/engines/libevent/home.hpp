#pragma once
// A libevent base with what wakes it: a door for other threads and an alarm.

#include <nightjar/base/time.hpp>

#include <nightjar/io/engine.hpp>

#include <event2/event.h>
#include <event2/event_struct.h>

#include <atomic>

namespace nightjar::io::libevent {

class home {
public:
    static result<std::unique_ptr<home>> open();
    /// Promise: nobody else's events are left.
    ~home();
    home(const home&) = delete;
    home& operator=(const home&) = delete;

    event_base* base() noexcept { return base_; }
    /// One turn of libevent's, which ends `most` from now at the latest; zero: it does not wait.
    void run_once(duration most) noexcept;
    /// From any thread.
    void wake() noexcept;

private:
    home() = default;
    static void on_knock(evutil_socket_t, short, void* self) noexcept;

    event_base* base_ = nullptr;
    event alarm_{};
    event knock_{};
    handle door_;  // an eventfd: this base is built without locks
    std::atomic<bool> knocked_{false};
    bool is_open_ = false;
};

}  // namespace nightjar::io::libevent
