// The contract on the kernel's engines.
#include "kernel/kernel_lab.hpp"
#include "kernel/places.hpp"

namespace nightjar::io::test {
namespace {

INSTANTIATE_TEST_SUITE_P(on, contract, testing::ValuesIn(kernel_kinds), name_of);
INSTANTIATE_TEST_SUITE_P(on, kernel_places, testing::ValuesIn(kernel_kinds), name_of);
INSTANTIATE_TEST_SUITE_P(on, kernel_contract, testing::ValuesIn(kernel_kinds), name_of);

}  // namespace
}  // namespace nightjar::io::test
