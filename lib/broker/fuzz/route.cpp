// Any operations on a router give what lists of subscriptions would give.

#include <nightjar/base/expects.hpp>

#include "route_operations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nightjar::broker::route_world world;
    const std::string trouble = world.run({data, size});
    nightjar::expects(trouble.empty(), trouble.c_str());
    return 0;
}
