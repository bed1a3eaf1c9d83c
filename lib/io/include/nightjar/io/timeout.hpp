#pragma once
// A timer that calls a member function, for those who do not derive from `timer` themselves.
// Allocates nothing.

#include <nightjar/io/loop.hpp>

namespace nightjar::io {

/// `timeout<session, &session::on_keep_alive> keep_alive_{*this};` a member of what it calls.
/// Cancels itself when it dies.
template <class Owner, void (Owner::*call)() noexcept>
class timeout : private timer {
public:
    explicit timeout(Owner& whom) noexcept : timer(fire), whom_(&whom) {}

    /// Arms it, or moves it. It never fires early; see timer_wheel.hpp.
    void start(loop& on, duration from_now) noexcept { on.arm(*this, from_now); }
    void start_at(loop& on, instant at) noexcept { on.timers().arm(*this, at); }

    using timer::at;
    using timer::cancel;
    using timer::is_armed;

private:
    /// The owner may destroy itself, and this with it.
    static void fire(timer& self, instant) noexcept {
        (static_cast<timeout&>(self).whom_->*call)();
    }

    Owner* whom_;
};

}  // namespace nightjar::io
