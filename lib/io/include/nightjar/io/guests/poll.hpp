#pragma once
// A loop of ours inside a program that calls poll(2), or select, or whatever knows descriptors.

#include <nightjar/io/guest.hpp>

#include <poll.h>

#include <algorithm>

namespace nightjar::io::guests {

/// The host adds `entry()` to its array, waits no longer than `timeout()`, and calls `turn()` after
/// each wait, whatever ended it, for as long as that is true. Promises: see `guest`.
class poll {
public:
    explicit poll(loop& inside) noexcept : guest_(inside) {}

    pollfd entry() const noexcept {
        return {.fd = guest_.descriptor(), .events = POLLIN, .revents = 0};
    }
    /// Milliseconds: the host's own (-1: for ever), or less.
    int timeout(int of_host = -1) const noexcept {
        const int mine = to_poll_timeout(guest_.patience());
        if (mine < 0 || of_host < 0) return std::max(mine, of_host);
        return std::min(mine, of_host);
    }
    /// False once somebody has stopped the loop.
    [[nodiscard]] bool turn() noexcept { return guest_.turn(); }

private:
    guest guest_;
};

}  // namespace nightjar::io::guests
