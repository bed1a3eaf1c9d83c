#include "worker/session_table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace nightjar::broker {
namespace {

TEST(home, is_the_same_everywhere_and_spread_evenly) {
    EXPECT_EQ(home_of("meter-1", 1), 0U);
    for (const unsigned workers : {2U, 7U, 64U}) {
        std::array<int, 64> clients{};
        for (int i = 0; i != 64'000; ++i) ++clients[home_of("meter-" + std::to_string(i), workers)];
        const double fair = 64'000.0 / workers;
        for (unsigned w = 0; w != workers; ++w) {
            EXPECT_GT(clients[w], fair * 0.8) << w << " of " << workers;
            EXPECT_LT(clients[w], fair * 1.2) << w << " of " << workers;
        }
    }
}

}  // namespace
}  // namespace nightjar::broker
