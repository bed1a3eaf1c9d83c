#pragma once
// What the parts of one worker share: its loop, tables, memory and limits. Passed by reference; one
// worker's thread only.

#include <nightjar/broker/config/config.hpp>
#include <nightjar/io/loop.hpp>
#include <nightjar/io/outbox.hpp>

#include "counters.hpp"
#include "event_log.hpp"
#include "route/retained.hpp"
#include "route/router.hpp"
#include "session/delivery.hpp"

namespace nightjar::broker {

/// Limits without an option of their own.
/// Bytes waiting for one connection, beyond one packet of the largest size.
inline constexpr std::uint32_t outbox_max = 16 * 1024 * 1024;
inline constexpr std::uint32_t retained_max = 10'000'000;     ///< Retained messages.
inline constexpr std::uint32_t connections_max = 10'000'000;  ///< Of one worker.
inline constexpr duration close_within = 5s;                  ///< For our last words to be taken.
inline constexpr duration linger_for = 500ms;  ///< For the peer to close once it has read them.

struct context {
    context(io::loop& on, const broker_config& config, unsigned own, unsigned all, event_log& to)
        : loop(on),
          how(config),
          index(own),
          workers(all),
          log(to),
          subscriptions(own),
          retained(all == 1, retained_max),
          deliveries(1U << 30, heap) {}

    io::loop& loop;
    const broker_config& how;
    const unsigned index;    ///< This worker.
    const unsigned workers;  ///< All of them.
    event_log& log;
    counters count;
    io::chunk_pool chunks;
    router subscriptions;
    retained_store retained;
    delivery_slab deliveries;
};

}  // namespace nightjar::broker
