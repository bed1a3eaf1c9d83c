#pragma once
// What workers send each other.

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "../connection/connection.hpp"
#include "../message.hpp"
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

/// message, bundle: for the receiver's own subscribers, and its retained store. arrival: a
/// connection whose client is at home there.
using letter = std::variant<std::monostate, message, std::unique_ptr<interest>, interest_known,
                            std::unique_ptr<arrival>, std::unique_ptr<bundle>>;

}  // namespace nightjar::broker
