#include "child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

namespace nightjar::app::lab {
namespace {

constexpr int step_ms = 20;
constexpr duration mercy = 2s;
constexpr std::size_t held_max = 64 * 1024;
constexpr std::size_t complaint_max = 300;

int number_of(const io::handle& one) { return static_cast<int>(one.value()); }

/// Between fork and exec: system calls only.
[[noreturn]] void become(const child::command& what, char* const* words, int out, int complaints) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (!what.processors.empty()) {
        cpu_set_t mask;
        CPU_ZERO(&mask);
        for (const int one : what.processors) CPU_SET(static_cast<std::size_t>(one), &mask);
        ::sched_setaffinity(0, sizeof mask, &mask);
    }
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(complaints, STDERR_FILENO);
    ::execv(words[0], words);
    ::dprintf(STDERR_FILENO, "cannot start %s (error %d)\n", words[0], errno);
    ::_exit(127);
}

std::string first_line(std::string text) {
    if (const std::size_t end = text.find('\n'); end != std::string::npos) text.resize(end);
    return text;
}

}  // namespace

result<child> child::start(const command& what) {
    std::vector<char*> words;
    for (const std::string& one : what.words) words.push_back(const_cast<char*>(one.c_str()));
    words.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail({error::system, errno});
    io::handle out = io::kernel_handle(pipe[0]), theirs = io::kernel_handle(pipe[1]);
    const int paper = ::memfd_create("complaints", MFD_CLOEXEC);
    if (paper < 0) return fail({error::system, errno});
    io::handle complaints = io::kernel_handle(paper);
    const int pid = ::fork();
    if (pid < 0) return fail({error::system, errno});
    if (pid == 0) become(what, words.data(), pipe[1], paper);
    ::setpgid(pid, pid);  // here too: whoever comes first
    ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
    return child(pid, std::move(out), std::move(complaints));
}

child::child(child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      out_(std::move(other.out_)),
      complaints_(std::move(other.complaints_)),
      held_(std::move(other.held_)) {}

child::~child() { end(); }

void child::signal(int number) const noexcept {
    if (pid_ != 0) ::kill(pid_, number);
}

/// Leaves it to be reaped: until then its number is nobody else's.
bool child::has_ended() const noexcept {
    siginfo_t what{};
    if (pid_ == 0) return true;
    return ::waitid(P_PID, static_cast<id_t>(pid_), &what, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           what.si_pid == pid_;
}

bool child::ends_within(duration patience) const noexcept {
    for (duration waited{}; waited < patience && !has_ended(); waited += 1ms) ::usleep(1000);
    return has_ended();
}

void child::end() noexcept {
    if (pid_ == 0) return;
    ::kill(pid_, SIGTERM);
    ends_within(mercy);
    ::kill(-pid_, SIGKILL);  // whoever is left of its group; it has its number until it is reaped
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

std::string child::last_words() const {
    siginfo_t what{};
    if (pid_ != 0) ::waitid(P_PID, static_cast<id_t>(pid_), &what, WEXITED | WNOHANG | WNOWAIT);
    std::string text = what.si_code == CLD_EXITED
                           ? fmt::format("ended with code {}", what.si_status)
                           : fmt::format("was ended by signal {}", what.si_status);
    std::string said(complaint_max, '\0');
    const ssize_t got = ::pread(number_of(complaints_), said.data(), said.size(), 0);
    said.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    if (said = first_line(std::move(said)); !said.empty()) text += ": " + said;
    return text;
}

std::optional<std::string> child::held_line() {
    const std::size_t end = held_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string made = held_.substr(0, end);
    held_.erase(0, end + 1);
    return made;
}

/// false: there is no more to come.
bool child::read_more(int wait_ms) {
    pollfd one{.fd = number_of(out_), .events = POLLIN, .revents = 0};
    if (::poll(&one, 1, wait_ms) <= 0) return true;
    std::array<char, 4096> room{};
    const ssize_t got = ::read(number_of(out_), room.data(), room.size());
    if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
    if (held_.size() < held_max) held_.append(room.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> child::line(duration patience, const giving_up& stop) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto found = held_line()) return found;
        if (stop() || std::chrono::steady_clock::now() >= until) return std::nullopt;
        if (!read_more(step_ms)) return std::nullopt;
    }
}

}  // namespace nightjar::app::lab
