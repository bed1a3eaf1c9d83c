#pragma once
// A loop of ours inside a running uv_loop_t. Needs libuv's headers; the program links libuv.

#include <nightjar/base/expects.hpp>

#include <nightjar/io/guest.hpp>

#include <uv.h>

#include <utility>

namespace nightjar::io::guests {

/// Lives on `host` from its construction on, and keeps uv_run() running until `inside` is stopped
/// or this is destroyed. Promises: see `guest`; the host turns once more after the end.
class libuv {
public:
    libuv(loop& inside, uv_loop_t& host) : guest_(inside), hooks_(new hooks) {
        ::uv_timer_init(&host, &hooks_->alarm);
        const int code = ::uv_poll_init(&host, &hooks_->ready, guest_.descriptor());
        expects(code == 0, "libuv watches a descriptor of epoll");
        hooks_->ready.data = hooks_->alarm.data = this;
        ::uv_poll_start(&hooks_->ready, UV_READABLE,
                        [](uv_poll_t* which, int, int) { turn(which->data); });
        turn(this);
    }
    ~libuv() { leave(); }
    libuv(const libuv&) = delete;
    libuv& operator=(const libuv&) = delete;

private:
    struct hooks {
        uv_poll_t ready{};
        uv_timer_t alarm{};
        int open = 2;
    };

    static void turn(void* self) {
        auto& mine = *static_cast<libuv*>(self);
        if (!mine.guest_.turn()) return mine.leave();
        mine.set_alarm(mine.guest_.patience());
    }
    void set_alarm(duration patience) {
        if (patience == duration::max()) {
            ::uv_timer_stop(&hooks_->alarm);
            return;
        }
        ::uv_update_time(hooks_->alarm.loop);  // it counts from when the host looked last
        ::uv_timer_start(
            &hooks_->alarm, [](uv_timer_t* which) { turn(which->data); },
            static_cast<std::uint64_t>(to_poll_timeout(patience)), 0);
    }
    void leave() {
        hooks* const gone = std::exchange(hooks_, nullptr);
        if (gone == nullptr) return;
        gone->ready.data = gone->alarm.data = gone;
        ::uv_close(reinterpret_cast<uv_handle_t*>(&gone->ready), on_closed);
        ::uv_close(reinterpret_cast<uv_handle_t*>(&gone->alarm), on_closed);
    }
    static void on_closed(uv_handle_t* which) {
        auto* const gone = static_cast<hooks*>(which->data);
        if (--gone->open == 0) delete gone;
    }

    guest guest_;
    hooks* hooks_;  // the host's from leave() on
};

}  // namespace nightjar::io::guests
