#pragma once
// A connect(2) under way.

#include "engines/readiness/interest.hpp"
#include "engines/readiness/source.hpp"

#include <nightjar/io/engine.hpp>

namespace nightjar::io::readiness {

class poller;

/// Outlives the `attempt` that the user holds until the batch is over.
class connecting final : public source {
public:
    connecting(poller& on, handle socket, connector& who) noexcept
        : on_(on), socket_(std::move(socket)), who_(&who) {}

    error start(const endpoint& to) noexcept;
    /// Nothing is called any more; frees itself after the batch.
    void stop() noexcept;

    void on_event(std::uint32_t events) noexcept override;
    void settle() noexcept override { discard(); }
    void discard() noexcept override { delete this; }

private:
    int fd() const noexcept { return static_cast<int>(socket_.value()); }
    void leave() noexcept;

    poller& on_;
    handle socket_;  // empty once it ended
    connector* who_;
    bool is_watched_ = false;
};

class attempt final : public io::attempt {
public:
    explicit attempt(connecting& inner) noexcept : inner_(inner) {}
    ~attempt() override { inner_.stop(); }

private:
    connecting& inner_;
};

}  // namespace nightjar::io::readiness
