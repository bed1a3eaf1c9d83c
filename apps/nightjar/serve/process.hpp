#pragma once
// What a server does to its own process: descriptors, signals, the background, the pid file, the
// user.

#include <nightjar/base/result.hpp>

#include <sys/types.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>

namespace nightjar::app {

/// A connection is a descriptor: takes as many as the system lets us have.
void raise_descriptor_limit() noexcept;

/// Blocks the signals that a broker listens to, and ignores SIGPIPE. Threads inherit the mask, so
/// that signals wait for the main thread.
sigset_t hold_signals() noexcept;

/// The way into the background: the parent waits until the child is running or gives up.
class background {
public:
    /// In the parent this does not return: it exits with what the child reports. Before threads.
    static result<background> enter();
    background() = default;
    background(background&& other) noexcept;
    background& operator=(background&& other) noexcept;
    ~background();

    /// In the child: all is well; lets the parent go and leaves the terminal. Nothing to do if not
    /// in the background.
    void running() noexcept;

private:
    int parent_ = -1;  // a pipe; closed without a word it says that the child gave up
};

/// A file with the process id, removed at the end.
class pid_file {
public:
    /// An empty path makes none.
    static result<pid_file> write(const std::string& path);
    pid_file() = default;
    pid_file(pid_file&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    pid_file& operator=(pid_file&& other) noexcept {
        path_.swap(other.path_);
        return *this;
    }
    ~pid_file();

private:
    std::string path_;
};

struct user_entry {
    std::string name;
    uid_t user = 0;
    gid_t group = 0;
};

/// From the password database; nothing if there is no such user.
std::optional<user_entry> find_user(const std::string& name);

bool is_root() noexcept;

/// Makes a file theirs, as far as that is possible. An empty path is nobody's.
void hand_over(const std::string& path, const user_entry& who) noexcept;

/// For good: user, group and supplementary groups of all threads. Files that were opened stay open.
result<> become(const user_entry& who);

}  // namespace nightjar::app
