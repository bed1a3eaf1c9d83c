#pragma once
// A libuv loop with what wakes it: a door for other threads and an alarm.

#include <nightjar/base/time.hpp>

#include <nightjar/io/engine.hpp>

#include <uv.h>

namespace nightjar::io::libuv {

class home {
public:
    static result<std::unique_ptr<home>> open();
    /// Lets libuv finish what was closed. Promise: all other handles are closed or closing.
    ~home();
    home(const home&) = delete;
    home& operator=(const home&) = delete;

    uv_loop_t& loop() noexcept { return loop_; }
    /// One turn of libuv's that ends at `until` at the latest, rounded up to its milliseconds.
    void run_once(instant until) noexcept;
    /// From any thread.
    void wake() noexcept { ::uv_async_send(&door_); }

private:
    home() = default;
    void set_alarm(instant until) noexcept;

    uv_loop_t loop_{};
    uv_async_t door_{};
    uv_timer_t alarm_{};
    instant alarm_at_ = never;
    bool is_open_ = false;
    bool has_door_ = false;
};

}  // namespace nightjar::io::libuv
