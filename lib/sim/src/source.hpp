#pragma once
// What an engine calls when its turn comes: a socket, a listener, an attempt to connect.

#include <cstdint>

namespace nightjar::sim {

class engine;

/// Lives in its engine until it retires; then until the end of that turn.
class source {
public:
    explicit source(engine& home);
    virtual ~source();
    source(const source&) = delete;
    source& operator=(const source&) = delete;

    std::uint64_t number() const noexcept { return number_; }
    engine& home() noexcept { return home_; }

    /// Puts it on the list of those who are called in the next turn.
    void mark();
    virtual void deliver() = 0;

protected:
    /// Not called any more.
    void retire();

private:
    friend class engine;
    engine& home_;
    std::uint64_t number_;
    bool is_marked_ = false;
    bool is_retired_ = false;
};

}  // namespace nightjar::sim
