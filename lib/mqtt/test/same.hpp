#pragma once
// Whether two packets say the same, field by field. Lives in the tests: nobody else compares
// packets.

#include <nightjar/mqtt/packet.hpp>

namespace nightjar::mqtt {

bool same(const packet& a, const packet& b);

}  // namespace nightjar::mqtt
