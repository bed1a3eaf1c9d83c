#pragma once
// How bad a network is. A value: the default is a good one.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/time.hpp>

#include <cstddef>
#include <string>

namespace nightjar::sim {

/// Probabilities are 0 to 1 and count per occasion: per read, write, connection, attempt.
struct faults {
    duration latency = 100us;       ///< One way, at least.
    duration latency_spread = 0us;  ///< Up to so much more, drawn for each packet; order is kept.
    double cut_read = 0;            ///< A packet or a read brings only a part.
    double short_write = 0;         ///< A write takes only a part though there is room.
    double small_window = 0;        ///< The receiver of a connection has room for few bytes.
    double late_accept = 0;         ///< A connection waits up to two seconds to be accepted.
    double refused_connect = 0;     ///< As if nobody listened.
    double lost_connect = 0;        ///< `timed_out` after up to thirty seconds.
    double stalled_loop = 0;        ///< After its turn a loop does not run for up to `stall_max`.
    duration stall_max = 50ms;
    duration weather = 0s;         ///< Mean time between strokes of the following; 0: none.
    std::uint32_t resets = 0;      ///< Weight: both ends of a connection hear a reset.
    std::uint32_t vanishings = 0;  ///< Weight: one end is gone and the other does not hear of it.
    std::uint32_t partitions = 0;  ///< Weight: two hosts do not hear each other for a while.
    duration partition_max = 20s;

    /// First which faults exist at all, then how likely they are.
    static faults draw(prng& from) noexcept;
    /// One line, for reports.
    std::string text() const;
};

/// How the programs of a host read: a slow one takes few bytes at a time, and its kernel keeps few.
struct reader {
    std::size_t read_max = 64 * 1024;
    std::size_t window = 64 * 1024;  ///< Of its connections; a fault may make it smaller.
};

}  // namespace nightjar::sim
