#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/ring.hpp>
#include <numeric>
#include <thread>
#include <vector>

namespace nightjar {
namespace {

static_assert(sizeof(ring<int>) == 3 * cache_line);

TEST(ring, is_first_in_first_out_and_bounded) {
    fixed_ring<int, 4> queue;
    EXPECT_EQ(queue.capacity(), 4U);
    for (int i = 1; i <= 4; ++i) EXPECT_TRUE(queue.try_push(i));
    EXPECT_FALSE(queue.try_push(5));
    EXPECT_EQ(queue.size_estimate(), 4U);
    int value = 0;
    for (int i = 1; i <= 4; ++i) {
        EXPECT_TRUE(queue.try_pop(value));
        EXPECT_EQ(value, i);
    }
    EXPECT_FALSE(queue.try_pop(value));
    EXPECT_EQ(value, 4);
    EXPECT_EQ(queue.size_estimate(), 0U);
}

TEST(ring, batches_take_what_fits_across_the_seam) {
    std::array<int, 8> slots{};
    ring<int> queue(slots);
    std::array<int, 6> in{1, 2, 3, 4, 5, 6};
    std::array<int, 6> out{};
    EXPECT_EQ(queue.push(in), 6U);
    EXPECT_EQ(queue.pop(std::span(out).first(5)), 5U);
    EXPECT_EQ(queue.push(in), 6U);  // slots 6, 7, 0 … 3
    EXPECT_EQ(queue.push(in), 1U);  // the only free one
    EXPECT_EQ(queue.pop(out), 6U);
    EXPECT_EQ(out, (std::array<int, 6>{6, 1, 2, 3, 4, 5}));
    EXPECT_EQ(queue.pop(out), 2U);
    EXPECT_EQ(out[0], 6);
    EXPECT_EQ(out[1], 1);
    EXPECT_EQ(queue.pop(out), 0U);
    EXPECT_EQ(queue.push({}), 0U);
}

TEST(ring, moves_in_and_out_and_leaves_what_it_refuses) {
    fixed_ring<std::unique_ptr<int>, 1> queue;
    auto one = std::make_unique<int>(1);
    auto two = std::make_unique<int>(2);
    EXPECT_TRUE(queue.try_push(std::move(one)));
    EXPECT_FALSE(queue.try_push(std::move(two)));
    ASSERT_NE(two, nullptr);
    std::unique_ptr<int> got;
    EXPECT_TRUE(queue.try_pop(got));
    EXPECT_EQ(*got, 1);
}

TEST(ring_death, needs_a_power_of_two) {
    std::array<int, 3> slots{};
    EXPECT_DEATH(ring<int>{slots}, "power of two");
}

// The producer writes plain memory before each push and the consumer reads it after each pop: the
// thread sanitizer sees a missing acquire or release, and the sum a lost or doubled element.
TEST(ring, hands_over_a_million_elements_in_order) {
    constexpr std::uint64_t count = 1'000'000;
    std::vector<std::uint64_t> payload(count);
    fixed_ring<std::uint64_t*, 64> queue;
    std::thread producer([&] {
        prng random(1);
        std::array<std::uint64_t*, 16> batch{};
        for (std::uint64_t made = 0; made < count;) {
            const std::size_t size = std::min<std::uint64_t>(1 + random.uniform(16), count - made);
            for (std::size_t i = 0; i < size; ++i) {
                payload[made + i] = made + i + 1;
                batch[i] = &payload[made + i];
            }
            std::size_t sent = 0;
            while (sent < size) {
                const std::size_t now = queue.push(std::span(batch).subspan(sent, size - sent));
                if (now == 0) std::this_thread::yield();
                sent += now;
            }
            made += size;
        }
    });
    prng random(2);
    std::array<std::uint64_t*, 16> batch{};
    std::uint64_t seen = 0;
    std::uint64_t wrong = 0;
    std::uint64_t too_many = 0;
    while (seen < count) {
        const std::size_t got = queue.pop(std::span(batch).first(1 + random.uniform(16)));
        if (got == 0) std::this_thread::yield();
        for (std::size_t i = 0; i < got; ++i) wrong += *batch[i] != ++seen;
        too_many += queue.size_estimate() > queue.capacity();
    }
    producer.join();
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(too_many, 0U);
    EXPECT_EQ(queue.size_estimate(), 0U);
}

}  // namespace
}  // namespace nightjar
