#pragma once
// What engines over readiness have in common: sources are made here, and one recv per ready stream
// and turn fills one read buffer. Who waits, and how, is the matter of each.

#include "engines/readiness/listener.hpp"
#include "engines/readiness/poller.hpp"

#include <nightjar/io/engine.hpp>

namespace nightjar::io::readiness {

class engine : public io::engine {
public:
    /// Open streams are closed and nobody is told. Promise: its listeners, attempts and watches are
    /// gone.
    ~engine() override = default;

    instant now() noexcept override;

    result<std::unique_ptr<io::listener>> listen(const listen_options& how, acceptor& who) override;
    result<std::unique_ptr<io::attempt>> connect(const connect_options& how,
                                                 connector& who) override;
    result<io::stream*> adopt(handle what) override;
    result<std::unique_ptr<io::watch>> observe(int descriptor, io::watch::watcher& who) override;

protected:
    /// `on` is a member of the derived class, and used after construction only.
    explicit engine(poller& on) noexcept : on_(on) {}

    /// `until`, or when a listener's rest is over; instant::min() if something waits to be settled.
    instant limit(instant until) noexcept;
    /// After the batch.
    void finish_turn() noexcept;

private:
    instant end_of_rest() noexcept;
    void wake_rested() noexcept;

    poller& on_;
    accepting::rest_list resting_;
};

}  // namespace nightjar::io::readiness
