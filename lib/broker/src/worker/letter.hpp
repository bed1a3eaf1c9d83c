#pragma once
// What workers send each other.

#include <absl/container/inlined_vector.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../connection/connection.hpp"
#include "../message.hpp"
#include "../route/share.hpp"
#include "bundle.hpp"

namespace nightjar::broker {

/// Filters that a worker began or ceased to want. Answered by interest_known with the same ticket,
/// unless that is 0.
struct interest {
    std::vector<std::string> filters;
    bool wanted = true;
    std::uint64_t ticket = 0;
};
struct interest_known {
    std::uint64_t ticket = 0;
};

/// A message for members of shared subscriptions that the receiver is to choose among its own, one
/// each.
struct picked {
    message what;
    absl::InlinedVector<std::uint64_t, 2> shares;  ///< Their ids.
    bool is_plain = false;  ///< For the receiver's other subscribers and its retained store too.
    std::uint8_t hops = 0;  ///< How many workers had nobody for it.
};

/// What the sender has in shared subscriptions, by `$share/GROUP/FILTER`.
struct stakes {
    std::vector<std::pair<std::string, stake>> said;
};

/// message, bundle: for the receiver's own subscribers, and its retained store. arrival: a
/// connection whose client is at home there.
using letter = std::variant<std::monostate, message, std::unique_ptr<interest>, interest_known,
                            std::unique_ptr<arrival>, std::unique_ptr<bundle>,
                            std::unique_ptr<picked>, std::unique_ptr<stakes>>;

}  // namespace nightjar::broker
