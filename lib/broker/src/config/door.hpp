#pragma once
// Which listener is which.

#include <nightjar/broker/config/config.hpp>

namespace nightjar::broker::config {

/// The same place to listen at; two listeners of a configuration differ in this.
inline bool is_same_door(const listener_config& a, const listener_config& b) noexcept {
    return a.port == b.port && a.address == b.address && a.unix_path == b.unix_path &&
           a.interface == b.interface;
}

}  // namespace nightjar::broker::config
