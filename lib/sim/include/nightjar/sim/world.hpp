#pragma once
// A world from one integer: the clock, the network and all chance in it. Many loops live in it, all
// on one thread, and take turns in an order that the seed draws; time passes only where nobody has
// anything to do.
//
//      step():  who is ready? ──some──► one of them, drawn: a packet arrives, or a loop turns
//                             ──none──► the clock jumps to the next arrival or deadline

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>

#include <nightjar/io/loop.hpp>

#include <nightjar/sim/event_log.hpp>
#include <nightjar/sim/faults.hpp>

#include <functional>
#include <memory>

namespace nightjar::sim {

class network;

/// The same seed and the same calls make the same events, byte for byte. One world at a time on a
/// thread names its seed when a promise is broken.
class world {
public:
    explicit world(std::uint64_t seed, const faults& weather = {});
    /// Its loops go with it: what lives on them must be gone.
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    std::uint64_t seed() const noexcept;
    instant now() const noexcept;
    event_log& log() noexcept;
    /// Chance for whoever lives here: a stream of its own, in the order in which they ask.
    prng fork() noexcept;

    /// A loop on a simulated engine. Loops of one host are never parted from each other. Lives as
    /// long as the world.
    io::loop& add_loop(unsigned host);
    /// An engine for a loop of the caller's, which then runs it itself: a turn that waits lets the
    /// world's time pass. The world outlives it.
    std::unique_ptr<io::engine> engine(unsigned host);
    /// The address of a host, for listeners and connectors. All also share the loopback.
    static io::endpoint address_of(unsigned host, std::uint16_t port) noexcept;

    /// Lets one thing happen. false: nothing ever will again, without somebody's call.
    bool step();
    /// Steps until `done`, or until `bound` of the world's time has passed; whether it is done.
    bool run_until(const std::function<bool()>& done, duration bound);

    /// From now on. Calm (the default) also heals partitions and opens all windows.
    void set_faults(const faults& weather);

    /// For connections that are made from now on, and for what is read from now on.
    void set_reader(unsigned host, const reader& how);

    /// Connections of which at least one end still lives, or waits for its loop.
    std::size_t connections() const noexcept;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace nightjar::sim
