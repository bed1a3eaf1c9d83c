#pragma once
// What all connections of a run share: the loop, the options, the counts, and the first thing that
// went wrong.

#include "../common/histogram.hpp"
#include "../common/progress.hpp"
#include "options.hpp"

#include <nightjar/io/loop.hpp>

#include <functional>
#include <string>

namespace nightjar::app::benchmark {

/// Lengths of time that began within the measured part, whenever they end.
class stopwatch {
public:
    void open(instant at) noexcept { from_ = at; }
    void close(instant at) noexcept { until_ = at; }
    void record(instant begun, instant ended) noexcept {
        if (begun >= from_ && begun < until_) seen_.record(ended - begun);
    }
    const histogram& seen() const noexcept { return seen_; }

private:
    instant from_ = never;
    instant until_ = never;
    histogram seen_;
};

struct world {
    world(const options& chosen, std::unique_ptr<io::engine> on)
        : how(chosen), loop(std::move(on)), watch(chosen.quiet), heard_at_(loop.engine().now()) {}

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
    progress watch;
    std::string trouble;

    std::uint64_t received = 0;  ///< Reads that brought something: a sign of life.
    std::uint64_t count = 0;     ///< What the scenario counts: messages, connections, operations.
    std::uint32_t ready =
        0;  ///< Connections that the broker has accepted, and whose subscriptions too.
    instant next_due = never;   ///< When the schedule has something to send.
    instant next_look = never;  ///< When the measuring reads its counts.
    stopwatch latency;
    stopwatch lateness;  ///< How late the load was with what the schedule said.
    bool is_sending = false;
    bool is_over = false;  ///< A connection that ends is no trouble any more.

private:
    void turn(instant limit);
    duration patience() const noexcept;

    std::uint64_t heard_ = 0;  // of `received`
    instant heard_at_;
};

}  // namespace nightjar::app::benchmark
