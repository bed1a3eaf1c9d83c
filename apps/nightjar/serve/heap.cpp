#include "heap.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <new>

namespace {

// One count for all threads would be a cache line that all of them fight for. What one thread takes
// and another gives back makes a shard negative; only the sum means something.
struct alignas(64) shard {
    std::atomic<std::int64_t> bytes{0};
};
constinit std::array<shard, 64> shards;
constinit std::atomic<unsigned> threads{0};

void count(std::int64_t bytes) noexcept {
    thread_local const unsigned own =
        threads.fetch_add(1, std::memory_order_relaxed) % static_cast<unsigned>(shards.size());
    shards[own].bytes.fetch_add(bytes, std::memory_order_relaxed);
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

// The other forms call these. [C++20 17.6.3] Those that do not throw are here as well, as a
// sanitizer's would not come from our memory.
void* operator new(std::size_t size) { return insist(take(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return insist(take(size, alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return take(size, alignment);
}
void operator delete(void* room) noexcept { give_back(room); }
void operator delete(void* room, std::size_t) noexcept { give_back(room); }
void operator delete(void* room, std::align_val_t) noexcept { give_back(room); }
void operator delete(void* room, std::size_t, std::align_val_t) noexcept { give_back(room); }

namespace nightjar::app {
namespace {

constexpr auto look_every = std::chrono::seconds(5);
constexpr std::uint64_t worth_it_from = 16 * 1024 * 1024;  // less than that is soon used again

}  // namespace

std::uint64_t heap_meter::bytes_used() const noexcept {
    const std::size_t used = std::min<std::size_t>(threads.load(std::memory_order_relaxed), 64);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i != used; ++i) sum += shards[i].bytes.load(std::memory_order_relaxed);
    return static_cast<std::uint64_t>(std::max<std::int64_t>(sum, 0));
}

heap_keeper::heap_keeper(const heap_meter& meter) : meter_(meter), thread_([this] { run(); }) {
    ::pthread_setname_np(thread_.native_handle(), "heap keeper");
}

heap_keeper::~heap_keeper() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

/// What is resident beside what is in use: the program and its stacks, and what could be given
/// back.
void heap_keeper::run() {
    std::uint64_t usual = 0;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, look_every, [this] { return is_over_; })) {
        if (excess() < usual + worth_it_from) continue;
        ::malloc_trim(0);
        usual = excess();
    }
}

std::uint64_t heap_keeper::excess() const {
    std::uint64_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    resident *= static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t used = meter_.bytes_used();
    return resident > used ? resident - used : 0;
}

}  // namespace nightjar::app
