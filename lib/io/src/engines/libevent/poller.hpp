#pragma once
// Readiness by libevent: an event for reading and one for writing, for each descriptor that is
// watched.

#include "engines/readiness/poller.hpp"

#include <event2/event.h>

#include <memory>
#include <vector>

namespace nightjar::io::libevent {

class poller final : public readiness::poller {
public:
    using interest = readiness::interest;

    /// `on` outlives the poller.
    poller(event_base* on, const engine_options& how);
    ~poller();

    bool change(int fd, readiness::source& who, interest from, interest to) noexcept override;

private:
    struct post;

    post* place(int fd, readiness::source& who) noexcept;
    static bool watch(post& which, interest wanted) noexcept;
    static void on_ready(evutil_socket_t fd, short events, void* which) noexcept;
    static void on_change(evutil_socket_t fd, short events, void* which) noexcept;

    event_base* base_;
    std::vector<std::unique_ptr<post>> posts_;  // by descriptor
};

}  // namespace nightjar::io::libevent
