#include "heap/counted_heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// One count for all threads would be a cache line that all of them fight for. What one thread takes
// and another gives back makes a shard negative; only the sum means something.
struct alignas(64) shard {
    std::atomic<std::int64_t> bytes{0};
};
// NOLINTBEGIN(*-non-const-global-*): operators new and delete belong to no object
constinit std::array<shard, 64> shards;
constinit std::atomic<unsigned> threads{0};
constinit thread_local std::int64_t of_this_thread = 0;
// NOLINTEND(*-non-const-global-*)

void count(std::int64_t bytes) noexcept {
    thread_local const unsigned own =
        threads.fetch_add(1, std::memory_order_relaxed) % static_cast<unsigned>(shards.size());
    shards[own].bytes.fetch_add(bytes, std::memory_order_relaxed);
    of_this_thread += bytes;
}

/// Null where there is no memory, as are the next.
void* counted(void* room) noexcept {
    if (room) count(static_cast<std::int64_t>(::malloc_usable_size(room)));
    return room;
}

void* take(std::size_t size) noexcept {
    return counted(std::malloc(std::max<std::size_t>(size, 1)));
}

void* take(std::size_t size, std::align_val_t alignment) noexcept {
    void* room = nullptr;
    const auto least = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
    return counted(::posix_memalign(&room, least, size) == 0 ? room : nullptr);
}

void* insist(void* room) {
    if (!room) throw std::bad_alloc();
    return room;
}

void give_back(void* room) noexcept {
    if (!room) return;
    count(-static_cast<std::int64_t>(::malloc_usable_size(room)));
    std::free(room);
}

}  // namespace

// All forms, though the library's own of those for arrays and of those that do not throw would call
// the others: a sanitizer's would not, and its delete does not know our memory. [C++20 17.6.3]
void* operator new(std::size_t size) { return insist(take(size)); }
void* operator new[](std::size_t size) { return insist(take(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return insist(take(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return insist(take(size, alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return take(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return take(size, alignment);
}
void operator delete(void* room) noexcept { give_back(room); }
void operator delete[](void* room) noexcept { give_back(room); }
void operator delete(void* room, std::size_t) noexcept { give_back(room); }
void operator delete[](void* room, std::size_t) noexcept { give_back(room); }
void operator delete(void* room, std::align_val_t) noexcept { give_back(room); }
void operator delete[](void* room, std::align_val_t) noexcept { give_back(room); }
void operator delete(void* room, std::size_t, std::align_val_t) noexcept { give_back(room); }
void operator delete[](void* room, std::size_t, std::align_val_t) noexcept { give_back(room); }
void operator delete(void* room, const std::nothrow_t&) noexcept { give_back(room); }
void operator delete[](void* room, const std::nothrow_t&) noexcept { give_back(room); }
void operator delete(void* room, std::align_val_t, const std::nothrow_t&) noexcept {
    give_back(room);
}
void operator delete[](void* room, std::align_val_t, const std::nothrow_t&) noexcept {
    give_back(room);
}

namespace nightjar::counted_heap {

std::uint64_t bytes_in_use() noexcept {
    const std::size_t used =
        std::min<std::size_t>(threads.load(std::memory_order_relaxed), shards.size());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i != used; ++i) sum += shards[i].bytes.load(std::memory_order_relaxed);
    return static_cast<std::uint64_t>(std::max<std::int64_t>(sum, 0));
}

std::int64_t bytes_of_this_thread() noexcept { return of_this_thread; }

}  // namespace nightjar::counted_heap
