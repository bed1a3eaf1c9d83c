#pragma once
// The engine over io_uring: multishot accept and receive, writes of a turn in one system call with
// the wait. Made on any thread, then belongs to the one that takes its first turn (or queues more
// than a thousand operations before it).

#include "engines/uring/core.hpp"
#include "engines/uring/files.hpp"

#include <atomic>

namespace nightjar::io::uring {

class engine final : public io::engine, private operation {
public:
    engine(handle door, const engine_options& how) : door_(std::move(door)), core_(how) {}
    /// Open streams are closed and nobody is told. Promise: its listeners, attempts and watches are
    /// gone.
    ~engine() override = default;

    /// `unsupported` or what the kernel said.
    error start() noexcept;

    std::string_view name() const noexcept override { return "io_uring"; }
    instant now() noexcept override;
    void turn(instant until) noexcept override;
    void wake() noexcept override;

    result<std::unique_ptr<io::listener>> listen(const listen_options& how, acceptor& who) override;
    result<std::unique_ptr<io::attempt>> connect(const connect_options& how,
                                                 connector& who) override;
    result<io::stream*> adopt(handle what) override;
    result<std::unique_ptr<io::watch>> observe(int descriptor, io::watch::watcher& who) override;
    file_operations* files() noexcept override { return &files_; }

private:
    void on_completion(const completion& what) noexcept override;
    void watch_door() noexcept;

    handle door_;  // an eventfd; each write completes the multishot poll once more, and nobody
                   // reads it
    std::atomic<bool> knocked_{false};
    id<entry> name_;
    core core_;
    uring::files files_{core_};
};

}  // namespace nightjar::io::uring
