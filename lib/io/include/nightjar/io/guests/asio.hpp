#pragma once
// A loop of ours inside a running asio::io_context. Needs the headers of standalone Asio.

#include <nightjar/io/guest.hpp>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include <memory>

namespace nightjar::io::guests {

/// Lives on `host` from its construction on, and keeps run() running until `inside` is stopped or
/// this is destroyed. Promises: see `guest`; one thread runs `host`, which outlives this.
class asio {
public:
    asio(loop& inside, ::asio::io_context& host)
        : guest_(inside), ready_(host, guest_.descriptor()), alarm_(host) {
        watch();
        turn();
    }
    ~asio() { leave(); }
    asio(const asio&) = delete;
    asio& operator=(const asio&) = delete;

private:
    // A handler that was due already is called even after a cancel: it finds the token gone.
    void watch() {
        ready_.async_wait(::asio::posix::stream_descriptor::wait_read,
                          [this, alive = std::weak_ptr(token_)](std::error_code why) {
                              if (why || alive.expired()) return;
                              watch();
                              turn();
                          });
    }
    void turn() {
        if (guest_.turn())
            set_alarm(guest_.patience());
        else
            leave();
    }
    void leave() {
        token_.reset();
        alarm_.cancel();
        if (ready_.is_open()) ready_.release();  // ends the wait; the descriptor is the engine's
    }
    void set_alarm(duration patience) {
        alarm_.cancel();
        if (patience == duration::max()) return;
        alarm_.expires_after(patience);
        alarm_.async_wait([this, alive = std::weak_ptr(token_)](std::error_code why) {
            if (!why && !alive.expired()) turn();
        });
    }

    guest guest_;
    ::asio::posix::stream_descriptor ready_;
    ::asio::steady_timer alarm_;
    std::shared_ptr<int> token_ = std::make_shared<int>();
};

}  // namespace nightjar::io::guests
