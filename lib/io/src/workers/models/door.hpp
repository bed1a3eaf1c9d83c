#pragma once
// Accepts by hand, on any engine: for connections that go elsewhere at once, and for a socket that
// is listened to by turns.

#include <nightjar/io/timeout.hpp>

namespace nightjar::io::models {

/// Who gets the connections.
class newcomers {
public:
    /// Asked before each; false leaves it in the backlog until the door is opened again.
    virtual bool has_room() noexcept = 0;
    /// Open now.
    virtual std::uint64_t connections() const noexcept { return 0; }
    /// Connected, not blocking.
    virtual void take(handle fresh) = 0;

protected:
    ~newcomers() = default;
};

/// Closed at first. Rests for 100 ms when the process is out of descriptors.
class door final : private watch::watcher {
public:
    /// Borrows the listening socket.
    static result<std::unique_ptr<door>> make(loop& home, int socket, newcomers& to);

    void open() noexcept;
    void close() noexcept;
    /// Neither closed, by whomever, nor resting.
    bool is_open() const noexcept { return open_ && !rest_.is_armed(); }
    /// How many came since the last question.
    unsigned ask_taken() noexcept { return std::exchange(taken_, 0U); }

private:
    door(loop& home, int socket, newcomers& to) noexcept : home_(home), socket_(socket), to_(to) {}
    void on_ready(unsigned what) noexcept override;
    /// False when there is nothing more, or no room for it.
    bool take_one() noexcept;
    void end_rest() noexcept;

    loop& home_;
    int socket_;
    newcomers& to_;
    bool open_ = false;
    unsigned taken_ = 0;
    timeout<door, &door::end_rest> rest_{*this};
    std::unique_ptr<watch> watch_;
};

}  // namespace nightjar::io::models
