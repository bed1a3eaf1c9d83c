#pragma once
// What all connections of a run share: the loop, the options, the counts, and the first thing that
// went wrong.

#include "options.hpp"

#include <nightjar/io/loop.hpp>

#include <functional>
#include <string>

namespace nightjar::app::benchmark {

struct world {
    world(const options& chosen, std::unique_ptr<io::engine> on)
        : how(chosen), loop(std::move(on)) {}

    /// Turns the loop until `done()`. false: something failed, or nothing came in for the time-out,
    /// whose sentence then ends with `missing()`; `trouble` says it.
    bool run_until(const std::function<bool()>& done, const std::function<std::string()>& missing);

    /// Turns the loop for this long, or until something failed.
    bool run_for(duration length);

    /// Keeps the first sentence; what follows from it is of no interest.
    void fail(std::string why) {
        if (trouble.empty()) trouble = std::move(why);
    }

    const options& how;
    io::loop loop;
    std::string trouble;

    std::uint64_t received = 0;   ///< Reads that brought something: a sign of life.
    std::uint64_t delivered = 0;  ///< Messages that came to a subscriber.
    std::uint64_t lost = 0;       ///< Messages that never came to one, at QoS 0.
    std::uint32_t ready =
        0;  ///< Connections that the broker has accepted, and whose subscriptions too.
    bool is_sending = false;
    bool is_over = false;  ///< A connection that ends is no trouble any more.
};

}  // namespace nightjar::app::benchmark
