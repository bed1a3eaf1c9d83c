#pragma once
// Many connections opened at a pace that a broker's listen queue bears, and closed again.

#include "peer.hpp"

#include <vector>

namespace nightjar::app::benchmark {

/// Opens all of `peers` and waits until the broker has accepted each of them. To a loopback address
/// they come from several of its neighbours, because one address has ports for about 28,000
/// connections only.
bool open_all(world& where, const std::vector<peer*>& peers);

/// Closes what is open and waits for it.
void close_all(world& where, const std::vector<peer*>& peers);

/// Lets this process have as many descriptors as the system allows; false if those are too few.
bool allow_descriptors(std::uint64_t count) noexcept;

}  // namespace nightjar::app::benchmark
