#pragma once
// The load: connections to an echo server, each of which keeps messages under way, measures how
// long each took, and holds every byte that comes back against what it sent.

#include "../common/histogram.hpp"
#include "record.hpp"

#include <nightjar/base/result.hpp>

#include <nightjar/io/endpoint.hpp>

#include <functional>
#include <string>

namespace nightjar::app::lab {

struct client_options {
    io::endpoint to;
    load what;
    duration warmup, length;
    duration patience = 5s;      ///< How long nothing may come before that is a fault.
    std::function<bool()> stop;  ///< Asked every some milliseconds; true: give up.
    /// Called when the measured part begins and when it ends, with nothing else in between; and
    /// once more while all connections are there and their messages have come back.
    std::function<void()> on_begin, on_end, on_quiet;
};

struct client_findings {
    std::string trouble;  ///< Empty: all went well.
    std::uint64_t messages = 0;
    duration wall{}, processor{};  ///< The latter: of this process.
    histogram latency;             ///< Of messages that were sent within the measured part.
};

/// Connects, loads for `warmup` and `length`, waits until everything has come back, and closes.
/// Blocks meanwhile; on an epoll loop of its own.
client_findings run_client(const client_options& how);

/// Lets this process, and what it starts, have as many descriptors as the system allows; false if
/// those are too few for so many.
bool allow_descriptors(std::uint64_t count) noexcept;

}  // namespace nightjar::app::lab
