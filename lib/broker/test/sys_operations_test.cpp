// Random doings of clients, and what $SYS says of them.

#include "../fuzz/sys_operations.hpp"

#include <nightjar/base/prng.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace nightjar::broker {
namespace {

TEST(sys_topics, are_the_brokers_own_and_right) {  // [MQTT5 4.7.2-1]
    const bool held = rc::check([] {
        const auto operations =
            *rc::gen::resize(400, rc::gen::arbitrary<std::vector<std::uint8_t>>());
        const std::string trouble = sys_world{operations}.run();
        if (!trouble.empty()) RC_FAIL(trouble);
    });
    EXPECT_TRUE(held);
}

TEST(sys_topics, stay_right_for_long) {
    for (std::uint64_t seed = 0; seed != 40; ++seed) {
        SCOPED_TRACE(seed);
        prng random{seed};
        std::vector<std::uint8_t> operations(3000);
        for (auto& one : operations) one = static_cast<std::uint8_t>(random());
        ASSERT_EQ(sys_world{operations}.run(), "");
    }
}

}  // namespace
}  // namespace nightjar::broker
