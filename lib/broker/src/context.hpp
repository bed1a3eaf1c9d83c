#pragma once
// What the parts of one worker share: its loop, tables, memory and limits. Passed by reference; one
// worker's thread only.

#include <nightjar/broker/config/config.hpp>
#include <nightjar/io/loop.hpp>
#include <nightjar/io/outbox.hpp>

#include "counters.hpp"
#include "crowd.hpp"
#include "event_log.hpp"
#include "memory_gauge.hpp"
#include "route/retained.hpp"
#include "route/router.hpp"
#include "session/delivery.hpp"
#include "work_budget.hpp"

namespace nightjar::broker {

/// Limits without an option of their own.
inline constexpr std::uint32_t connections_max = 10'000'000;  ///< Of one worker.
inline constexpr duration close_within = 5s;                  ///< For our last words to be taken.
inline constexpr duration linger_for = 500ms;  ///< For the peer to close once it has read them.

/// What lies around a worker. Neither is needed where no limit asks for it.
struct surroundings {
    const crowd* all = nullptr;           ///< All workers' clients.
    const memory_meter* meter = nullptr;  ///< The process's heap.
};

struct context {
    context(io::loop& on, const broker_config& config, unsigned own, unsigned count_of_workers,
            event_log& to, const surroundings& around = {})
        : loop(on),
          how(config),
          index(own),
          workers(count_of_workers),
          all(around.all),
          memory(around.meter, config),
          log(to),
          subscriptions(own),
          retained(count_of_workers == 1),
          deliveries(1U << 30, heap) {}

    io::loop& loop;
    const broker_config& how;
    const unsigned index;    ///< This worker.
    const unsigned workers;  ///< All of them.
    const crowd* const all;
    const memory_gauge memory;
    event_log& log;
    work_budget work;
    counters count;
    io::chunk_pool chunks;
    router subscriptions;
    retained_store retained;
    delivery_slab deliveries;
};

}  // namespace nightjar::broker
