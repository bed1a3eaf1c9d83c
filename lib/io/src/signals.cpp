#include "os/error.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <nightjar/io/signals.hpp>

#include <algorithm>
#include <cerrno>

namespace nightjar::io {

result<std::unique_ptr<signals>> signals::make(loop& on) {
    sigset_t none;
    sigemptyset(&none);
    const int fd = ::signalfd(-1, &none, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) return fail(os::last_error());
    std::unique_ptr<signals> made(new signals(kernel_handle(fd)));
    auto seen = on.engine().observe(fd, *made);
    if (!seen) return fail(seen.error());
    made->watch_ = std::move(*seen);
    made->watch_->want(watch::readable);
    return made;
}

signals::signals(handle descriptor) noexcept : descriptor_(std::move(descriptor)) {
    sigemptyset(&mask_);
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before_);
}

signals::~signals() {
    watch_.reset();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

result<> signals::on(int number, callback call) {
    const auto known = std::ranges::find(entries_, number, &entry::number);
    if (known != entries_.end()) {
        known->call = std::move(call);
        return {};
    }
    sigset_t wider = mask_;
    if (sigaddset(&wider, number) != 0) return fail(os::last_error());
    const int problem = ::pthread_sigmask(SIG_BLOCK, &wider, nullptr);
    if (problem != 0) return fail(os::to_error(problem));
    if (::signalfd(static_cast<int>(descriptor_.value()), &wider, 0) < 0)
        return fail(os::last_error());
    mask_ = wider;
    entries_.push_back({number, std::move(call)});
    return {};
}

void signals::on_ready(unsigned) noexcept {
    signalfd_siginfo what{};
    while (::read(static_cast<int>(descriptor_.value()), &what, sizeof what) ==
           static_cast<ssize_t>(sizeof what)) {
        const auto known =
            std::ranges::find(entries_, static_cast<int>(what.ssi_signo), &entry::number);
        if (known == entries_.end()) continue;
        const callback call = known->call;  // it may replace itself
        if (call) call();
    }
}

}  // namespace nightjar::io
