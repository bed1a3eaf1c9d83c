#pragma once
// What the seed of a storm draws before it begins: which features of the protocol are in it at all,
// how many clients and workers, how the broker is configured.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/broker/config/config.hpp>
#include <nightjar/sim/faults.hpp>

namespace nightjar::sim {

/// What clients do besides connecting, publishing and subscribing.
struct habits {
    bool expires = false;  ///< Messages and sessions have an end.
    bool delays_wills = false;
    bool gathers_rivals = false;  ///< Many connections with one client identifier at once.
    bool reads_slowly = false;
    bool shares = false;   ///< Shared subscriptions.
    bool aliases = false;  ///< Topic aliases, both ways.
};

/// What the broker may do where it is at one of its limits.
struct pressures {
    bool refuses = false;    ///< CONNECT, PUBLISH and SUBSCRIBE, for want of memory.
    bool dismisses = false;  ///< Clients that do not read as fast as they are sent to.
};

struct plan {
    faults weather;
    habits does;
    unsigned workers = 1;
    unsigned guests = 2;
    duration storm{};
    bool has_limits = false;  ///< Of what waits for a client.
    bool is_short = false;    ///< There is a memory limit, and at times too little memory.
    broker::broker_config config;
    broker::listener_config door;  ///< Without its address.

    static plan draw(prng& from);
    /// A CONNECT whose sender has given up may still come to the broker for so long.
    duration stray_max() const noexcept;
    /// What waits for a client may be lost.
    bool may_drop() const noexcept { return has_limits || is_short; }
    pressures pressure() const noexcept;
    /// One line, for reports.
    std::string text() const;
};

}  // namespace nightjar::sim
