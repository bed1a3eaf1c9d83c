#pragma once
// One listener of one worker.

#include <unistd.h>

#include <string>

#include "worker.hpp"

namespace nightjar::broker {

class worker::front_door final : public io::acceptor {
public:
    front_door(worker& at, listener_door& door) noexcept : at_(at), door_(door) {}
    ~front_door() { close(); }
    front_door(const front_door&) = delete;
    front_door& operator=(const front_door&) = delete;

    result<io::endpoint> open(const io::listen_options& how) {
        auto opened = at_.shared().loop.engine().listen(how, *this);
        if (!opened) return fail(opened.error());
        listener_ = std::move(*opened);
        return listener_->local();
    }
    void close() noexcept {
        if (!listener_) return;
        const io::endpoint at = listener_->local();
        listener_.reset();
        if (at.kind() != io::endpoint::family::local || at.address().empty()) return;
        // The path of a Unix socket outlives the socket; an abstract name ("@...") does not.
        const std::string path(as_text(at.address()));
        if (path.front() != '@') ::unlink(path.c_str());
    }

    void on_accept(io::stream& fresh) noexcept override { at_.admit(fresh, door_); }
    void on_accept_failed(error why) noexcept override {
        at_.shared().log(log_config::error,
                         "Unable to accept connections on {}: {} ({}); trying again.",
                         listener_->local().text(), describe(why.what), why.os);
    }
    void on_accept_recovered() noexcept override {
        at_.shared().log(log_config::notice, "Accepting connections on {} again.",
                         listener_->local().text());
    }

private:
    worker& at_;
    listener_door& door_;
    std::unique_ptr<io::listener> listener_;
};

}  // namespace nightjar::broker
