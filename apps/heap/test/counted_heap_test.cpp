#include "heap/counted_heap.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <thread>
#include <vector>

namespace nightjar::counted_heap {
namespace {

constexpr std::int64_t size = 1 << 20;

struct alignas(256) aligned {
    std::byte room[size];
};

/// Calls that no optimizer removes.
std::vector<std::function<std::function<void()>()>> ways_to_allocate() {
    return {
        [] {
            void* const room = ::operator new(size);
            return [room] { ::operator delete(room); };
        },
        [] {
            void* const room = ::operator new(size, std::nothrow);
            return [room] { ::operator delete(room, std::nothrow); };
        },
        [] {
            void* const room = ::operator new[](size);
            return [room] { ::operator delete[](room); };
        },
        [] {
            aligned* const room = new aligned;
            return [room] { delete room; };
        },
        [] {
            aligned* const room = new (std::nothrow) aligned[2];
            return [room] { delete[] room; };
        },
    };
}

TEST(counted_heap, counts_what_each_form_of_new_takes_and_delete_returns) {
    for (const auto& allocate : ways_to_allocate()) {
        const std::int64_t before = bytes_of_this_thread();
        const auto all_before = static_cast<std::int64_t>(bytes_in_use());
        auto release = allocate();
        EXPECT_GE(bytes_of_this_thread() - before, size);
        EXPECT_GE(static_cast<std::int64_t>(bytes_in_use()) - all_before, size);
        release();
        release = nullptr;
        EXPECT_EQ(bytes_of_this_thread(), before);
    }
}

TEST(counted_heap, tells_a_thread_from_the_process) {
    const std::int64_t own = bytes_of_this_thread();
    const auto all = static_cast<std::int64_t>(bytes_in_use());
    std::unique_ptr<std::byte[]> passed;
    std::thread([&] { passed = std::make_unique<std::byte[]>(size); }).join();
    EXPECT_LT(bytes_of_this_thread() - own, size) << "another one took it";
    EXPECT_GE(static_cast<std::int64_t>(bytes_in_use()) - all, size);
    const std::int64_t before = bytes_of_this_thread();
    passed.reset();
    EXPECT_LE(bytes_of_this_thread() - before, -size) << "given back by who had not taken it";
    EXPECT_LT(static_cast<std::int64_t>(bytes_in_use()) - all, size);
}

TEST(counted_heap, counts_more_threads_than_it_has_counters) {
    const auto before = static_cast<std::int64_t>(bytes_in_use());
    std::vector<std::unique_ptr<std::byte[]>> kept(200);
    for (auto& one : kept) std::thread([&] { one = std::make_unique<std::byte[]>(10'000); }).join();
    EXPECT_GE(static_cast<std::int64_t>(bytes_in_use()) - before, 200 * 10'000);
    kept.clear();
    EXPECT_LT(static_cast<std::int64_t>(bytes_in_use()) - before, 100'000);
}

}  // namespace
}  // namespace nightjar::counted_heap
