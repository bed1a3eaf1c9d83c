#pragma once
// A program that runs for us, in a process group of its own, on processors of our choice: what it
// prints comes line by line, and its end ends everything that it started.

#include <nightjar/base/result.hpp>
#include <nightjar/base/time.hpp>

#include <nightjar/io/handle.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::app::lab {

/// Asked while something is waited for; true: give up.
using giving_up = std::function<bool()>;

class child {
public:
    struct command {
        std::vector<std::string> words;  ///< The first is the program's path.
        std::vector<int> processors{};   ///< Empty: those of this process.
    };

    /// Fails where the operating system has no process or descriptor left. A program that is not
    /// there ends at once, with 127.
    static result<child> start(const command& what);
    child(child&& other) noexcept;
    child& operator=(child&&) = delete;
    /// As end().
    ~child();

    int pid() const noexcept { return pid_; }
    /// The next line of its standard output. nullopt: none came in time, or there will be none.
    std::optional<std::string> line(duration patience, const giving_up& stop);
    bool has_ended() const noexcept;
    bool ends_within(duration patience) const noexcept;
    void signal(int number) const noexcept;
    /// SIGTERM, and SIGKILL for the whole group if it has not ended after two seconds. Nothing if
    /// it was called before.
    void end() noexcept;
    /// How it ended, and what it complained about: for a sentence. Promise: it has_ended().
    std::string last_words() const;

private:
    child(int pid, io::handle out, io::handle complaints) noexcept
        : pid_(pid), out_(std::move(out)), complaints_(std::move(complaints)) {}
    std::optional<std::string> held_line();
    bool read_more(int wait_ms);

    int pid_;  // 0: reaped
    io::handle out_, complaints_;
    std::string held_;  // of its output, at most `held_max`
};

}  // namespace nightjar::app::lab
