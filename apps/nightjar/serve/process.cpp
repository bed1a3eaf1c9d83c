#include "process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <utility>
#include <vector>

namespace nightjar::app {
namespace {

constexpr unsigned char well = 1;

error last_error() noexcept { return {error::system, errno}; }

/// The parent's end: exits as the child reports, or as it ends.
[[noreturn]] void wait_for(pid_t child, int report) noexcept {
    unsigned char word = 0;
    ssize_t got = 0;
    do got = ::read(report, &word, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1 && word == well) ::_exit(0);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ::_exit(WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 1);
}

}  // namespace

void raise_descriptor_limit() noexcept {
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return;
    now.rlim_cur = now.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &now);
}

sigset_t hold_signals() noexcept {
    sigset_t held;
    sigemptyset(&held);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&held, one);
    ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return held;
}

// --- background ----------------------------------------------------------------------------------

result<background> background::enter() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return fail(last_error());
    const pid_t child = ::fork();
    if (child < 0) return fail(last_error());
    if (child != 0) {
        ::close(ends[1]);
        wait_for(child, ends[0]);
    }
    ::close(ends[0]);
    (void)::setsid();  // cannot fail in a fresh child
    background made;
    made.parent_ = ends[1];
    return made;
}

background::background(background&& other) noexcept : parent_(std::exchange(other.parent_, -1)) {}

background& background::operator=(background&& other) noexcept {
    std::swap(parent_, other.parent_);
    return *this;
}

background::~background() {
    if (parent_ >= 0) ::close(parent_);
}

void background::running() noexcept {
    if (parent_ < 0) return;
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int one : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (nothing >= 0) ::dup2(nothing, one);
    if (nothing > STDERR_FILENO) ::close(nothing);
    // A parent that is gone already needs no answer.
    if (::write(parent_, &well, 1) != 1) errno = 0;
    ::close(std::exchange(parent_, -1));
}

// --- pid file ------------------------------------------------------------------------------------

result<pid_file> pid_file::write(const std::string& path) {
    pid_file made;
    if (path.empty()) return made;
    errno = 0;
    std::ofstream file(path, std::ios::trunc);
    file << ::getpid() << '\n';
    file.close();
    if (!file) return fail(error{error::system, errno != 0 ? errno : EIO});
    made.path_ = path;
    return made;
}

pid_file::~pid_file() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

// --- user ----------------------------------------------------------------------------------------

std::optional<user_entry> find_user(const std::string& name) {
    std::vector<char> room(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0 || !found)
        return {};
    return user_entry{name, entry.pw_uid, entry.pw_gid};
}

bool is_root() noexcept { return ::geteuid() == 0; }

void hand_over(const std::string& path, const user_entry& who) noexcept {
    // What stays root's is told when it is needed: the log cannot be opened again, or a client in.
    if (!path.empty() && ::chown(path.c_str(), who.user, who.group) != 0) errno = 0;
}

result<> become(const user_entry& who) {
    if (::initgroups(who.name.c_str(), who.group) != 0 || ::setgid(who.group) != 0 ||
        ::setuid(who.user) != 0) {
        return fail(last_error());
    }
    return {};
}

}  // namespace nightjar::app
