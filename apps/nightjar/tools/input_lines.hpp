#pragma once
// The standard input line by line, without blocking the loop.

#include <nightjar/io/loop.hpp>
#include <nightjar/io/timeout.hpp>

#include <functional>
#include <memory>
#include <string>

namespace nightjar::app {

class input_lines final : private io::watch::watcher {
public:
    struct callbacks {
        /// A line without its end. False: not now; it comes again after resume().
        std::function<bool(std::string_view)> on_line;
        std::function<void()> on_end;
        /// A line is longer than a payload may be; nothing more is read.
        std::function<void()> on_endless_line;
    };

    input_lines(io::loop& on, int descriptor, callbacks who)
        : loop_(on), descriptor_(descriptor), who_(std::move(who)) {}

    void start();
    void resume();

private:
    void on_ready(unsigned what) noexcept override;
    void read_some() noexcept;
    bool deliver();
    void want_more(bool more);

    io::loop& loop_;
    int descriptor_;
    callbacks who_;
    std::string held_;
    std::size_t done_ = 0;     // of held_
    std::size_t scanned_ = 0;  // of held_, behind done_: without an end of line
    bool is_at_end_ = false;
    bool is_over_ = false;
    std::unique_ptr<io::watch> watch_;  // null: a file, which is always ready
    io::timeout<input_lines, &input_lines::read_some> soon_{*this};
};

}  // namespace nightjar::app
