#pragma once
// How long an operation may take: a timer inside of it that tells the core its ticket.

#include <nightjar/client/events.hpp>
#include <nightjar/io/loop.hpp>

namespace nightjar::client {

class core;

class time_limit : private timer {
public:
    time_limit() noexcept : timer(fire) {}

    /// `within` of zero: no limit. `whose` outlives the operation.
    void start(core& whose, io::loop& on, ticket name, duration within) noexcept {
        if (within <= duration::zero()) return;
        core_ = &whose;
        name_ = name;
        on.arm(*this, within);
    }

private:
    /// The core may destroy the operation, and this with it.
    static void fire(timer& self, instant) noexcept;

    core* core_ = nullptr;
    ticket name_ = 0;
};

}  // namespace nightjar::client
