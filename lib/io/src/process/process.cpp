#include "os/error.hpp"
#include "process/wires.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace nightjar::io {
namespace {

process::outcome to_outcome(const siginfo_t& said) noexcept {
    if (said.si_code == CLD_EXITED) return {.code = said.si_status, .signal = 0};
    return {.code = 0, .signal = said.si_status};
}

// The C library's functions came with glibc 2.36, and its header forgets that C++ exists.

int open_pidfd(pid_t of) noexcept { return static_cast<int>(::syscall(SYS_pidfd_open, of, 0)); }

bool send_to(const handle& pidfd, int number) noexcept {
    const int fd = static_cast<int>(pidfd.value());
    return ::syscall(SYS_pidfd_send_signal, fd, number, nullptr, 0) == 0;
}

/// Of a process that nobody will watch.
void end_now(pid_t which) noexcept {
    ::kill(which, SIGKILL);  // its number is ours as long as nobody has waited for it
    while (::waitpid(which, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

result<std::unique_ptr<process>> process::spawn(loop& on, const process_options& how, told ended) {
    std::unique_ptr<process> made(new process(std::move(ended)));
    wires its;
    if (const error why = its.lay(how); why != error::none) return fail(why);
    if (const auto opened = made->open_pipes(on, its); !opened) return fail(opened.error());
    const auto child = launch(its.plan());
    if (!child) return fail(child.error());
    made->id_ = *child;
    const int fd = open_pidfd(*child);
    if (fd < 0) {
        const error why = os::last_error();
        end_now(*child);
        return fail(why);
    }
    made->descriptor_ = kernel_handle(fd);
    auto seen = on.engine().observe(fd, *made);
    if (!seen) return fail(seen.error());  // which ends the child
    made->watch_ = std::move(*seen);
    made->watch_->want(watch::readable);
    return made;
}

result<> process::open_pipes(loop& on, wires& from) {
    const auto open = [&](handle& end, std::unique_ptr<pipe_stream>& as, bool writes) -> result<> {
        if (!end) return {};
        auto made = writes ? pipe_stream::make(on, {}, std::move(end))
                           : pipe_stream::make(on, std::move(end), {});
        if (!made) return fail(made.error());
        as = std::move(*made);
        return {};
    };
    auto done = open(from.input, input_, true);
    if (done) done = open(from.output, output_, false);
    if (done) done = open(from.errors, errors_, false);
    return done;
}

process::~process() {
    if (!is_running()) return;
    watch_.reset();
    static_cast<void>(send_signal(SIGKILL));
    collect();
}

result<> process::send_signal(int number) noexcept {
    if (!is_running()) return fail(error::not_found);
    if (send_to(descriptor_, number)) return {};
    // Ended, and the loop has not heard of it yet.
    return fail(errno == ESRCH ? error(error::not_found, ESRCH) : os::last_error());
}

void process::on_ready(unsigned) noexcept {
    watch_.reset();
    const outcome how = collect();
    const told ended = std::move(ended_);
    if (ended) ended(how);
}

/// Its answer, which the kernel keeps until somebody takes it.
process::outcome process::collect() noexcept {
    descriptor_.reset();
    siginfo_t said{};
    while (::waitid(P_PID, static_cast<id_t>(id_), &said, WEXITED) != 0) {
        // Somebody else waited for all children, or SIGCHLD is ignored.
        if (errno != EINTR) return {.code = -1, .signal = 0};
    }
    return to_outcome(said);
}

result<int> process::spawn_detached(const process_options& how) {
    using wiring = process_options::wiring;
    for (const wiring one : {how.input, how.output, how.errors})
        if (one == wiring::piped) return fail(error::invalid);
    wires its;
    if (const error why = its.lay(how); why != error::none) return fail(why);
    its.plan().is_detached = true;
    its.plan().new_session = true;
    return launch(its.plan());
}

}  // namespace nightjar::io
