#include "workers/models/life.hpp"

#include "os/error.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace nightjar::io::models {

result<std::unique_ptr<life>> life::begin(const place& where, child_spec what,
                                          const std::function<void()>& forget) {
    auto ends = channel::make();
    if (!ends) return fail(ends.error());
    what.channel = std::move(ends->far);
    const bool brings_one = static_cast<bool>(what.first);
    const pid_t pid = ::fork();
    if (pid < 0) return fail(os::last_error());
    if (pid == 0) {
        ends->near.reset();
        forget();
        live_as_child(std::move(what));
    }
    // By number: glibc's wrapper came with 2.36.
    const long process = ::syscall(SYS_pidfd_open, pid, 0);
    const error why = process < 0 ? os::last_error() : error(error::none);
    std::unique_ptr<life> made(
        new life(where, pid, kernel_handle(static_cast<int>(process)), std::move(ends->near)));
    made->sent_ = brings_one ? 1 : 0;
    auto watched = why == error::none ? made->watch_it() : fail(why);
    if (watched) return made;
    made->kill();
    ::waitpid(pid, nullptr, 0);
    return fail(watched.error());
}

result<> life::watch_it() {
    auto seen = where_.home.engine().observe(static_cast<int>(process_.value()), *this);
    if (!seen) return fail(seen.error());
    watch_ = std::move(*seen);
    watch_->want(watch::readable);
    return channel_->listen(where_.home, *this);
}

bool life::send_connection(int descriptor) noexcept {
    if (!channel_->send({.what = word::kind::connection, .engine = {}}, descriptor)) return false;
    ++sent_;
    return true;
}

void life::kill() const noexcept { ::kill(pid_, SIGKILL); }

void life::forget() const noexcept {
    ::close(static_cast<int>(process_.value()));
    ::close(channel_->descriptor());
}

void life::on_ready(unsigned) noexcept {
    int status = 0;
    pid_t outcome = 0;
    do {
        outcome = ::waitpid(pid_, &status, WNOHANG);
    } while (outcome < 0 && errno == EINTR);
    if (outcome == 0) return;
    watch_->want(0);
    where_.boss.on_ended(*this, status);
}

void life::on_word(const word& what, handle) {
    switch (what.what) {
        case word::kind::ready: return where_.boss.on_serving(*this, what.engine.data());
        case word::kind::failed: return where_.boss.on_failed(*this, {what.why, what.os});
        case word::kind::connection:
        case word::kind::drain:
        case word::kind::stop: return;  // ours to say
    }
}

}  // namespace nightjar::io::models
