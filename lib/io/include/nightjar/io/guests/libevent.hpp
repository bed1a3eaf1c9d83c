#pragma once
// A loop of ours inside a running event_base. Needs libevent's headers; the program links libevent.

#include <nightjar/base/expects.hpp>

#include <nightjar/io/guest.hpp>

#include <event2/event.h>

namespace nightjar::io::guests {

/// Lives on `host` from its construction on, and keeps event_base_dispatch() running until `inside`
/// is stopped or this is destroyed. Promises: see `guest`; the host outlives it.
class libevent {
public:
    libevent(loop& inside, event_base* host)
        : guest_(inside),
          ready_(::event_new(host, guest_.descriptor(), EV_READ | EV_PERSIST, on_event, this)),
          alarm_(::event_new(host, -1, 0, on_event, this)) {
        expects(ready_ != nullptr && alarm_ != nullptr && ::event_add(ready_, nullptr) == 0,
                "libevent watches a descriptor of epoll");
        turn();
    }
    ~libevent() {
        ::event_free(ready_);
        ::event_free(alarm_);
    }
    libevent(const libevent&) = delete;
    libevent& operator=(const libevent&) = delete;

private:
    static void on_event(evutil_socket_t, short, void* self) {
        static_cast<libevent*>(self)->turn();
    }
    void turn() {
        if (guest_.turn()) return set_alarm(guest_.patience());
        ::event_del(ready_);
        ::event_del(alarm_);
    }
    void set_alarm(duration patience) {
        if (patience == duration::max()) {
            ::event_del(alarm_);
            return;
        }
        const auto whole = std::chrono::floor<std::chrono::seconds>(patience);
        const auto rest = std::chrono::ceil<std::chrono::microseconds>(patience - whole);
        const timeval limit{.tv_sec = whole.count(), .tv_usec = rest.count()};
        ::event_add(alarm_, &limit);
    }

    guest guest_;
    event* ready_;
    event* alarm_;
};

}  // namespace nightjar::io::guests
