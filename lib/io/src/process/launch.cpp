#include "process/launch.hpp"

#include "os/error.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nightjar/io/handle.hpp>

#include <algorithm>
#include <cerrno>

namespace nightjar::io {
namespace {

/// What the child says through a pipe that its exec closes: nothing if all went well.
struct report {
    int why = 0;    // errno
    pid_t who = 0;  // a detached one's number
};

constexpr unsigned close_on_exec = 4;  // CLOSE_RANGE_CLOEXEC of <linux/close_range.h>

/// So that no handler of ours runs in a child that shares our memory.
class all_signals_blocked {
public:
    all_signals_blocked() noexcept {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    all_signals_blocked(const all_signals_blocked&) = delete;
    all_signals_blocked& operator=(const all_signals_blocked&) = delete;

private:
    sigset_t before_{};
};

void say(int to, const report& what) noexcept {
    while (::write(to, &what, sizeof what) < 0 && errno == EINTR) {
    }
}

bool close_later_from(unsigned first) noexcept {
    if (::syscall(SYS_close_range, first, ~0U, close_on_exec) == 0) return true;
    rlimit most{};  // Linux before 5.11, or a container that does not know the call
    if (::getrlimit(RLIMIT_NOFILE, &most) != 0) return false;
    const auto end = static_cast<int>(std::min<rlim_t>(most.rlim_cur, 65'536));
    for (int fd = static_cast<int>(first); fd < end; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    return true;
}

/// Each `ours` becomes its `theirs`; by way of numbers above all of them, as one's source may be
/// another one's target.
bool place_descriptors(launch_plan& what, int& report_to) noexcept {
    int above = 3;
    for (const auto& one : what.descriptors) above = std::max(above, one.theirs + 1);
    report_to = ::fcntl(report_to, F_DUPFD_CLOEXEC, above);
    if (report_to < 0) return false;
    for (auto& one : what.descriptors) {
        one.spare = ::fcntl(one.ours, F_DUPFD_CLOEXEC, above);
        if (one.spare < 0) return false;
    }
    if (!close_later_from(3)) return false;
    return std::all_of(what.descriptors.begin(), what.descriptors.end(),
                       [](const auto& one) { return ::dup2(one.spare, one.theirs) >= 0; });
}

/// By system calls of its own: the C library's would change all threads of the parent.
bool change_identity(const launch_plan& what) noexcept {
    if (!what.user && !what.group) return true;
    if (::syscall(SYS_setgroups, 0, nullptr) != 0 && errno != EPERM) return false;
    if (what.group && ::syscall(SYS_setresgid, *what.group, *what.group, *what.group) != 0)
        return false;
    return !what.user || ::syscall(SYS_setresuid, *what.user, *what.user, *what.user) == 0;
}

void default_signals() noexcept {
    struct sigaction how {};
    how.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) ::sigaction(number, &how, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The child's whole life on our side of execve(2).
[[noreturn]] void become(launch_plan& what, int report_to) noexcept {
    const bool is_ready = place_descriptors(what, report_to) &&
                          (!what.new_session || ::setsid() >= 0) && change_identity(what) &&
                          (what.directory == nullptr || ::chdir(what.directory) == 0);
    if (is_ready) {
        default_signals();
        char** const with = what.environment.empty() ? environ : what.environment.data();
        ::execvpe(what.arguments[0], what.arguments.data(), with);
    }
    say(report_to, {.why = errno, .who = 0});
    ::_exit(127);
}

/// A function of its own, as vfork(2) wants: it does not return in the child, and nothing of its
/// frame changes there.
[[gnu::noinline]] pid_t fork_one(launch_plan& what, int report_to) noexcept {
    const pid_t child = ::vfork();
    if (child == 0) become(what, report_to);
    return child;
}

/// A child whose child is the program, and which ends at once: so the program is nobody's zombie.
/// By a plain fork(2), since the address sanitizer loses its way in a vfork(2) inside of another.
pid_t fork_two(launch_plan& what, int report_to) noexcept {
    const pid_t between = ::fork();
    if (between != 0) return between;
    const pid_t child = fork_one(what, report_to);
    say(report_to, {.why = child < 0 ? errno : 0, .who = child});
    ::_exit(0);
}

report read_reports(int from) noexcept {
    report all, one;
    for (;;) {
        const ssize_t n = ::read(from, &one, sizeof one);
        if (n < 0 && errno == EINTR) continue;
        if (n != static_cast<ssize_t>(sizeof one)) return all;
        if (one.why != 0) all.why = one.why;
        if (one.who > 0) all.who = one.who;
    }
}

void take_answer(pid_t of) noexcept {
    while (::waitpid(of, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

result<pid_t> launch(launch_plan& what) {
    int both[2];
    if (::pipe2(both, O_CLOEXEC) != 0) return fail(os::last_error());
    const handle reading = kernel_handle(both[0]);
    handle writing = kernel_handle(both[1]);
    pid_t child = -1;
    int why = 0;
    {
        const all_signals_blocked quiet;
        child = what.is_detached ? fork_two(what, both[1]) : fork_one(what, both[1]);
        why = errno;
    }
    writing.reset();
    if (child < 0) return fail(os::to_error(why));
    const report said = read_reports(both[0]);
    if (what.is_detached || said.why != 0) take_answer(child);
    if (said.why != 0) return fail(os::to_error(said.why));
    return what.is_detached ? said.who : child;
}

}  // namespace nightjar::io
