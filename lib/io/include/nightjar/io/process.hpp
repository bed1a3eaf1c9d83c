#pragma once
// Child processes: started with what they are given and nothing else, heard of when they end.
// Leaves no zombie and lends no descriptor by accident. [pidfd_open(2): Linux 5.3]

#include <nightjar/io/pipe.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nightjar::io {

struct process_options {
    /// What a standard descriptor of the child's is.
    enum class wiring : std::uint8_t {
        nothing,  ///< /dev/null
        shared,   ///< Ours.
        piped,    ///< The other end of a pipe that process::input() and its like hold.
    };

    /// The program and its arguments. A program without '/' is looked for in our PATH; a relative
    /// path counts from `directory`.
    std::vector<std::string> command;
    /// "NAME=value" each; none: ours.
    std::optional<std::vector<std::string>> environment{};
    std::string directory{};  ///< Empty: ours.
    /// Both change before the program starts, and further groups are given up. Needs privileges.
    std::optional<unsigned> user{}, group{};
    wiring input = wiring::nothing;
    wiring output = wiring::shared;
    wiring errors = wiring::shared;
    /// Further descriptors: the child's number, 3 or more, and ours, which stays ours.
    std::vector<std::pair<int, int>> descriptors{};
    bool new_session = false;  ///< Away from our terminal and its Ctrl-C. [setsid(2)]
};

class process final : private watch::watcher {
public:
    struct outcome {
        int code =
            0;  ///< What it returned; -1 where somebody else in this process took the answer.
        int signal = 0;  ///< What killed it; 0: it ended by itself.
    };
    using told = std::function<void(const outcome&)>;

    /// Starts it, or says what the child could not do: `not_found`, `denied`, …. The child begins
    /// with default signal handlers and none blocked. The call lasts until the program runs (about
    /// a millisecond). `ended` comes once, from the loop, and may destroy this; what the child
    /// wrote before may still be in its pipes.
    static result<std::unique_ptr<process>> spawn(loop& on, const process_options& how, told ended);
    /// Starts one that lives on by itself, in a session of its own, whatever becomes of us: nobody
    /// hears of its end, and the system's first process (or the nearest subreaper) takes its
    /// answer. Returns its number. `invalid` for pipes.
    static result<int> spawn_detached(const process_options& how);
    /// What still runs is killed (SIGKILL) and waited for, which takes as long as the kernel needs.
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    int id() const noexcept { return id_; }
    bool is_running() const noexcept { return static_cast<bool>(descriptor_); }
    /// `not_found` when it has ended. Never hits another process of the same number.
    result<> send_signal(int number) noexcept;

    /// Our ends; null where there is no pipe.
    pipe_stream* input() noexcept { return input_.get(); }
    pipe_stream* output() noexcept { return output_.get(); }
    pipe_stream* errors() noexcept { return errors_.get(); }

private:
    class wires;
    explicit process(told ended) noexcept : ended_(std::move(ended)) {}
    result<> open_pipes(loop& on, wires& from);
    void on_ready(unsigned) noexcept override;
    outcome collect() noexcept;

    told ended_;
    int id_ = -1;
    handle descriptor_;  // a pidfd, until the end was collected
    std::unique_ptr<watch> watch_;
    std::unique_ptr<pipe_stream> input_, output_, errors_;
};

}  // namespace nightjar::io
