#pragma once
// What the runtime promises, held against a run.

#include "statistics.hpp"

#include <string>
#include <vector>

namespace nightjar::app::lab {

struct aim {
    std::string says;  ///< "epoll: at most 1.1 times the bare epoll loop".
    load where;
    spread ratio;  ///< Of the rounds; the median is judged.
    double limit = 0;
    bool is_least = false;  ///< The ratio is to be at least the limit, not at most.

    bool is_met() const noexcept {
        return is_least ? ratio.median >= limit : ratio.median <= limit;
    }
};

/// Those whose both sides were measured, load by load:
/// - processor time per message of an engine of ours under `single`, by that of the bare epoll loop
///   (epoll: at most 1.1 times; io_uring: less, from 100 connections) or of a plain program on the
///   same library (libuv, libevent: at most 1.1 times);
/// - `reuseport` with two workers, messages per second of processor time times workers, by
///   `single`'s: at least 1.7, from 100 connections.
std::vector<aim> judge(const record& what);

}  // namespace nightjar::app::lab
