#pragma once
// How many clients all workers have together: for the limits that concern the broker as a whole.

#include <vector>

#include "counters.hpp"

namespace nightjar::broker {

/// Clients: with a connection, and with a session, which those with a connection have too.
struct presence {
    std::uint64_t connected = 0;
    std::uint64_t known = 0;
};

/// Filled before the workers' threads run; then read by any of them.
class crowd {
public:
    void enlist(const counters& one) { all_.push_back(&one); }
    /// Two workers that admit at the same moment may each not see the other's newcomer.
    presence count() const noexcept {
        presence sum;
        for (const counters* one : all_) {
            const std::uint64_t connected = one->clients_connected.get();
            sum.connected += connected;
            sum.known += connected + one->clients_disconnected.get();
        }
        return sum;
    }

private:
    std::vector<const counters*> all_;
};

}  // namespace nightjar::broker
