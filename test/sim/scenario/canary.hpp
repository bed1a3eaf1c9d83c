#pragma once
// Bugs that are planted between the broker and the network, to prove that the oracle would see
// them.

#include <cstdint>

namespace nightjar::sim {

enum class canary : std::uint8_t {
    none,
    doubled,  ///< A message of QoS 2 is delivered again, as a new one.
    lost,     ///< An acknowledged message does not arrive.
    astray,   ///< A message comes on another topic.
};

}  // namespace nightjar::sim
