#include <gtest/gtest.h>

#include <nightjar/base/blob.hpp>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/ring.hpp>
#include <numeric>
#include <thread>
#include <vector>

#include "heap_source.hpp"

namespace nightjar {
namespace {

static_assert(sizeof(blob_ref) == sizeof(void*));
static_assert(sizeof(blob) == 8 + sizeof(void*));

TEST(blob, is_one_allocation_given_back_by_the_last_reference) {
    heap_source heap;
    blob_ref first = make_blob(as_bytes("payload"), heap.source());
    ASSERT_TRUE(first);
    EXPECT_EQ(as_text(first.view()), "payload");
    EXPECT_EQ(heap.takes(), 1U);
    EXPECT_EQ(heap.bytes_out(), sizeof(blob) + 7);

    blob_ref second = first;
    EXPECT_EQ(first, second);
    EXPECT_FALSE(first.is_unique());
    first.reset();
    EXPECT_FALSE(first);
    EXPECT_TRUE(first.view().empty());
    EXPECT_EQ(as_text(second.view()), "payload");
    EXPECT_TRUE(second.is_unique());
    second = blob_ref{};
    EXPECT_EQ(heap.bytes_out(), 0U);
    EXPECT_EQ(heap.takes(), 1U);
}

TEST(blob_ref, moves_without_counting_and_survives_itself) {
    heap_source heap;
    blob_ref one = make_blob(as_bytes("x"), heap.source());
    blob_ref other = std::move(one);
    EXPECT_FALSE(one);  // NOLINT: moved from means none, by contract
    EXPECT_TRUE(other.is_unique());
    blob_ref& alias = other;
    other = alias;
    other = std::move(alias);
    ASSERT_TRUE(other);
    EXPECT_TRUE(other.is_unique());
    EXPECT_EQ(as_text(other.view()), "x");
}

TEST(blob_ref, of_none_is_harmless) {
    blob_ref none;
    EXPECT_TRUE(none.view().empty());
    EXPECT_TRUE(none.fill().empty());
    EXPECT_FALSE(none.is_unique());
    EXPECT_FALSE(none.is_shared());
    none.share();
    none.reset();
    EXPECT_EQ(blob_ref(none), none);
}

TEST(blob, none_when_there_is_no_room) {
    heap_source heap(100);
    EXPECT_FALSE(make_blob(100, heap.source()));
    EXPECT_FALSE(make_blob(std::size_t{1} << 32, heap.source()));
    blob_ref empty = make_blob(0, heap.source());
    EXPECT_TRUE(empty);
    EXPECT_EQ(empty.size(), 0U);
}

TEST(blob, is_written_while_unique) {
    heap_source heap;
    blob_ref made = make_blob(3, heap.source());
    copy(as_bytes("abc"), made.fill());
    EXPECT_EQ(as_text(made.view()), "abc");
}

TEST(blob_death, is_not_written_while_held_twice) {
    heap_source heap;
    blob_ref made = make_blob(3, heap.source());
    const blob_ref held = made;
    EXPECT_DEATH((void)made.fill(), "nobody else holds it");
}

TEST(blob, counts_on_after_crossing) {
    heap_source heap;
    blob_ref made = make_blob(as_bytes("x"), heap.source());
    std::vector<blob_ref> before(10, made);
    EXPECT_FALSE(made.is_shared());
    made.share();
    made.share();
    EXPECT_TRUE(made.is_shared());
    EXPECT_TRUE(before[0].is_shared());
    std::vector<blob_ref> after(10, made);
    before.clear();
    EXPECT_FALSE(made.is_unique());
    after.clear();
    EXPECT_TRUE(made.is_unique());
    made.reset();
    EXPECT_EQ(heap.bytes_out(), 0U);
}

/// Copies and drops references as they come, at random, and reads the bytes through each.
std::uint64_t consume(ring<blob_ref>& in, std::size_t count, std::uint64_t seed) {
    prng random(seed);
    std::vector<blob_ref> held;
    std::uint64_t sum = 0;
    for (std::size_t seen = 0; seen < count;) {
        blob_ref got;
        if (!in.try_pop(got)) {
            std::this_thread::yield();
            continue;
        }
        ++seen;
        sum = std::accumulate(got.view().begin(), got.view().end(), sum);
        if (random.chance(0.5)) held.push_back(got);
        if (held.size() > 20) held.erase(held.begin(), held.begin() + 10);
    }
    return sum;
}

// One thread makes blobs, counts some references plainly, crosses two others' threads, and goes on
// using them.
TEST(blob, is_shared_by_three_threads_and_freed_once) {
    constexpr std::size_t count = 20'000;
    heap_source heap;
    fixed_ring<blob_ref, 16> left;
    fixed_ring<blob_ref, 16> right;
    std::uint64_t sums[2] = {};
    std::thread a([&] { sums[0] = consume(left, count, 1); });
    std::thread b([&] { sums[1] = consume(right, count, 2); });
    std::uint64_t expected = 0;
    std::vector<blob_ref> kept;
    for (std::size_t i = 0; i < count; ++i) {
        blob_ref made = make_blob(8, heap.source());
        for (byte& each : made.fill()) expected += each = static_cast<byte>(i);
        std::vector<blob_ref> plain(3, made);
        plain.pop_back();
        made.share();
        for (ring<blob_ref>* to :
             {static_cast<ring<blob_ref>*>(&left), static_cast<ring<blob_ref>*>(&right)}) {
            blob_ref sent = made;
            while (!to->try_push(std::move(sent))) std::this_thread::yield();
        }
        if (i % 7 == 0) kept.push_back(plain[0]);
        if (kept.size() > 50) kept.clear();
    }
    a.join();
    b.join();
    kept.clear();
    EXPECT_EQ(sums[0], expected);
    EXPECT_EQ(sums[1], expected);
    EXPECT_EQ(heap.takes(), count);
    EXPECT_EQ(heap.bytes_out(), 0U);
}

}  // namespace
}  // namespace nightjar
