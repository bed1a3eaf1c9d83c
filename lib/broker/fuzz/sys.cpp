// Whatever clients are called and do, $SYS is the broker's own and its figures are right.

#include <nightjar/base/expects.hpp>

#include "sys_operations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string trouble = nightjar::broker::sys_world({data, size}).run();
    nightjar::expects(trouble.empty(), trouble.c_str());
    return 0;
}
