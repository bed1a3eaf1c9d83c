#pragma once
// How connections begin: who listens and who calls, on a simulated engine.

#include "engine.hpp"

#include <deque>

namespace nightjar::sim {

/// A listener's inner half, which its engine keeps.
class acceptance final : public source {
public:
    acceptance(engine& home, const io::endpoint& at, bool shares, io::acceptor& who);
    ~acceptance() override;

    const io::endpoint& at() const noexcept { return at_; }
    bool shares() const noexcept { return shares_; }
    void pause() noexcept { paused_ = true; }
    void resume();
    void stop();
    /// A connection of which nobody knows yet waits here.
    void queue(const wire& fresh);
    void deliver() override;

private:
    void drop_queue();

    io::endpoint at_;
    bool shares_;
    bool paused_ = false;
    io::acceptor* who_;
    std::deque<std::uint64_t> waiting_;
};

class listener final : public io::listener {
public:
    explicit listener(acceptance& inner) noexcept : inner_(inner) {}
    ~listener() override { inner_.stop(); }
    io::endpoint local() const noexcept override { return inner_.at(); }
    void pause() noexcept override { inner_.pause(); }
    void resume() noexcept override { inner_.resume(); }

private:
    acceptance& inner_;
};

/// An attempt's inner half. Numbers instead of pointers wherever time passes.
class calling final : public source {
public:
    calling(engine& home, io::connector& who) noexcept : source(home), who_(&who) {}
    ~calling() override;

    void start(const io::connect_options& how);
    void stop();
    void deliver() override;

private:
    void reach(const io::connect_options& how);
    void refuse_at(instant when, error why);
    void end(error why);

    io::connector* who_;
    std::uint64_t wire_name_ = 0;  // of the connection that was made
    bool has_ended_ = false;
    error why_;
};

class attempt final : public io::attempt {
public:
    explicit attempt(calling& inner) noexcept : in_(inner.home().in()), number_(inner.number()) {}
    ~attempt() override;

private:
    network& in_;
    std::uint64_t number_;
};

}  // namespace nightjar::sim
