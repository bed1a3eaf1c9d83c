// Random operations on the router against lists of subscriptions.

#include "../fuzz/route_operations.hpp"

#include <nightjar/base/prng.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace nightjar::broker {
namespace {

TEST(router, does_what_lists_of_subscriptions_would) {  // [MQTT5 4.5.0-1] [MQTT5 3.3.2-3]
    const bool held = rc::check([] {
        const auto operations =
            *rc::gen::resize(1500, rc::gen::arbitrary<std::vector<std::uint8_t>>());
        const std::string trouble = route_world{}.run(operations);
        if (!trouble.empty()) RC_FAIL(trouble);
    });
    EXPECT_TRUE(held);
}

/// Long runs, so that routes are worked out, go stale and are found current again.
TEST(router, does_it_for_long) {
    for (std::uint64_t seed = 0; seed != 40; ++seed) {
        SCOPED_TRACE(seed);
        prng random{seed};
        std::vector<std::uint8_t> operations(20'000);
        for (auto& one : operations) one = static_cast<std::uint8_t>(random());
        ASSERT_EQ(route_world{}.run(operations), "");
    }
}

}  // namespace
}  // namespace nightjar::broker
