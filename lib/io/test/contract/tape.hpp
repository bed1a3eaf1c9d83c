#pragma once
// A receiver that writes down all that it hears, says what it is told to, and lets a test act
// inside each callback.

#include <nightjar/io/engine.hpp>

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace nightjar::io::test {

class tape final : public receiver {
public:
    std::function<void(tape&)> when_data, when_written, when_closed;
    std::function<bool(tape&)> when_end;

    stream* peer = nullptr;  ///< Null once it is gone.
    std::string got;
    std::size_t data_calls = 0;
    std::size_t written_calls = 0;
    int ends = 0;
    std::vector<error> closed;
    bool heard_after_close = false;  ///< on_data, on_written or on_end after close() or on_closed.

    void hold(stream& fresh);
    /// Queues it and writes what can be written.
    void say(std::string text);
    bool is_idle() const noexcept { return out_.empty(); }
    void close();

    void on_data(bytes lent) noexcept override;
    void on_written(std::size_t n) noexcept override;
    bool on_end() noexcept override;
    void on_closed(error why) noexcept override;

private:
    void flush();
    void drop(std::size_t n);

    std::deque<std::string> out_;  // stable while a write is in flight
    std::size_t offset_ = 0;       // of the front
    bool writing_ = false;
    bool closing_ = false;
};

/// Accepts onto tapes.
class host final : public acceptor {
public:
    std::function<void(tape&)> when_accept;
    std::deque<tape> tapes;
    std::vector<error> failures;
    int recoveries = 0;

    void on_accept(stream& fresh) noexcept override;
    void on_accept_failed(error why) noexcept override { failures.push_back(why); }
    void on_accept_recovered() noexcept override { ++recoveries; }
};

/// Connects a tape.
class caller final : public connector {
public:
    tape line;
    std::vector<error> failures;
    int connections = 0;
    std::unique_ptr<attempt> under_way;

    void on_connected(stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override { failures.push_back(why); }
};

}  // namespace nightjar::io::test
