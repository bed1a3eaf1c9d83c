#pragma once
// Readiness by libuv: a uv_poll_t for each descriptor that is watched.

#include "engines/readiness/poller.hpp"

#include <uv.h>

#include <vector>

namespace nightjar::io::libuv {

class poller final : public readiness::poller {
public:
    using interest = readiness::interest;

    /// `on` outlives the poller and what it still has to close.
    poller(uv_loop_t& on, const engine_options& how) : readiness::poller(how, false), loop_(on) {}
    ~poller();

    bool change(int fd, readiness::source& who, interest from, interest to) noexcept override;

private:
    struct post;

    post* place(int fd, readiness::source& who) noexcept;
    void remove(int fd) noexcept;
    static int start(post& which) noexcept;
    static void on_poll(uv_poll_t* handle, int status, int events) noexcept;

    uv_loop_t& loop_;
    // By descriptor. A post is freed by libuv's call once it has let go of it.
    std::vector<post*> posts_;
};

}  // namespace nightjar::io::libuv
