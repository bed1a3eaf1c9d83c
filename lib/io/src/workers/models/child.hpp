#pragma once
// A worker's process, from its fork to its end.

#include <nightjar/io/models.hpp>

#include "workers/models/channel.hpp"
#include "workers/models/contest.hpp"

namespace nightjar::io::models {

struct child_spec {
    model_options how;
    const guest_maker& make;
    unsigned index = 0;
    counter_table& rows;
    counter_row& mine;
    int socket = -1;                ///< Accepts from it; -1: gets its connections.
    accept_mutex* mutex = nullptr;  ///< Only while it holds this.
    handle channel{};
    handle first{};                  ///< A connection to begin with.
    bool leaves_when_empty = false;  ///< Ends with its last connection.
};

/// Makes its engine and serves until it is told to end, or until the first process is gone. Ends
/// the process: with 0 in order, 1 where it could not start.
[[noreturn]] void live_as_child(child_spec what) noexcept;

}  // namespace nightjar::io::models
