#pragma once
// A listening socket: accepts a bounded number each turn, rests when the process is out of
// descriptors.

#include "engines/readiness/interest.hpp"
#include "engines/readiness/source.hpp"

#include <nightjar/base/time.hpp>

#include <nightjar/io/engine.hpp>

namespace nightjar::io::readiness {

class poller;
struct rest_tag;

/// Outlives the `listener` that the user holds until the batch is over.
class accepting final : public source, public list_hook<rest_tag> {
public:
    using rest_list = intrusive_list<accepting, rest_tag>;

    accepting(poller& on, rest_list& resting, handle socket, bool exclusive, acceptor& who) noexcept
        : on_(on),
          resting_(resting),
          socket_(std::move(socket)),
          who_(&who),
          exclusive_(exclusive) {}

    bool start() noexcept;
    /// Nothing is called any more; frees itself after the batch.
    void stop() noexcept;
    void pause() noexcept;
    void resume() noexcept;
    endpoint local() const noexcept;

    /// When its rest is over; `never` until the clock was read.
    instant rests_until() const noexcept { return rests_until_; }
    void rest_until(instant when) noexcept { rests_until_ = when; }
    void end_rest() noexcept;

    void on_event(std::uint32_t events) noexcept override;
    void settle() noexcept override { discard(); }
    void discard() noexcept override { delete this; }

private:
    int fd() const noexcept { return static_cast<int>(socket_.value()); }
    bool accept_one() noexcept;
    void on_trouble(error why) noexcept;
    void tell_kernel() noexcept;

    poller& on_;
    rest_list& resting_;
    handle socket_;
    acceptor* who_;  // null once stopped
    instant rests_until_ = never;
    interest interest_ = interest::absent;
    bool exclusive_;
    bool paused_ = false;
    bool failing_ = false;  // said on_accept_failed, and nothing better since
};

class listener final : public io::listener {
public:
    explicit listener(accepting& inner) noexcept : inner_(inner) {}
    ~listener() override { inner_.stop(); }
    endpoint local() const noexcept override { return inner_.local(); }
    void pause() noexcept override { inner_.pause(); }
    void resume() noexcept override { inner_.resume(); }

private:
    accepting& inner_;
};

}  // namespace nightjar::io::readiness
