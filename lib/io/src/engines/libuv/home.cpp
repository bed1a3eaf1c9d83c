#include "engines/libuv/home.hpp"

#include "os/error.hpp"

#include <algorithm>

namespace nightjar::io::libuv {
namespace {

template <class Handle>
uv_handle_t* handle_of(Handle& one) noexcept {
    return reinterpret_cast<uv_handle_t*>(&one);
}

/// Ends the wait, also one that has not begun: uv_run fires what is due before it polls, and would
/// then poll without a limit.
void on_alarm(uv_timer_t* which) noexcept { ::uv_stop(which->loop); }
void on_knock(uv_async_t*) noexcept {}

}  // namespace

result<std::unique_ptr<home>> home::open() {
    std::unique_ptr<home> made(new home);
    int code = ::uv_loop_init(&made->loop_);
    if (code != 0) return fail(os::to_error(-code));
    made->is_open_ = true;
    ::uv_timer_init(&made->loop_, &made->alarm_);
    code = ::uv_async_init(&made->loop_, &made->door_, on_knock);
    if (code != 0) return fail(os::to_error(-code));
    made->has_door_ = true;
    return made;
}

home::~home() {
    if (!is_open_) return;
    ::uv_close(handle_of(alarm_), nullptr);
    if (has_door_) ::uv_close(handle_of(door_), nullptr);
    ::uv_run(&loop_, UV_RUN_DEFAULT);  // ends: nothing but closing handles is left
    ::uv_loop_close(&loop_);
}

void home::run_once(instant until) noexcept {
    if (until == instant::min()) {
        ::uv_run(&loop_, UV_RUN_NOWAIT);
        return;
    }
    set_alarm(until);
    ::uv_run(&loop_, UV_RUN_ONCE);
}

/// libuv counts whole milliseconds of the same clock from when it last looked. Rounded up, so that
/// a wait never ends early only to begin again.
void home::set_alarm(instant until) noexcept {
    if (until == alarm_at_ && (until == never || ::uv_is_active(handle_of(alarm_)) != 0)) return;
    alarm_at_ = until;
    if (until == never) {
        ::uv_timer_stop(&alarm_);
        return;
    }
    const auto due = std::chrono::ceil<std::chrono::milliseconds>(until.time_since_epoch()).count();
    const auto seen = static_cast<std::int64_t>(::uv_now(&loop_));
    ::uv_timer_start(&alarm_, on_alarm,
                     static_cast<std::uint64_t>(std::max<std::int64_t>(due - seen, 0)), 0);
}

}  // namespace nightjar::io::libuv
