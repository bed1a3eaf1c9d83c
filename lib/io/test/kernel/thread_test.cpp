// What other threads may do to a loop.
#include "contract/suite.hpp"

#include <atomic>
#include <thread>

namespace nightjar::io::test {
namespace {

TEST_P(kernel_contract, wake_ends_a_wait_from_another_thread) {
    for (int i = 0; i < 20; ++i) {
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(i % 5));
            loop().wake();
        });
        const instant before = engine().now();
        loop().run_once(before + 10s);
        EXPECT_LT(engine().now(), before + 5s);
        other.join();
    }
}

TEST_P(kernel_contract, a_wake_before_the_turn_counts) {
    loop().wake();
    const instant before = engine().now();
    loop().run_once(before + 10s);
    EXPECT_LT(engine().now(), before + 5s);
}

TEST_P(kernel_contract, tasks_of_several_threads_keep_the_order_of_each) {
    constexpr int threads = 4, each = 2000;
    std::vector<std::vector<int>> heard(threads);
    int total = 0;
    std::vector<std::thread> posters;
    for (int t = 0; t < threads; ++t) {
        posters.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                loop().post([&, t, i] {
                    heard[static_cast<std::size_t>(t)].push_back(i);
                    if (++total == threads * each) loop().stop();
                });
            }
        });
    }
    loop().run();
    for (std::thread& one : posters) one.join();
    for (const auto& one : heard) {
        EXPECT_EQ(one.size(), static_cast<std::size_t>(each));
        EXPECT_TRUE(std::ranges::is_sorted(one));
    }
}

TEST_P(kernel_contract, stop_from_another_thread) {
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        loop().stop();
    });
    loop().run();
    other.join();
}

}  // namespace
}  // namespace nightjar::io::test
