#include "scenario/heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

constinit thread_local std::int64_t in_use = 0;

/// Null where there is no memory, as are the next.
void* counted(void* room) noexcept {
    if (room != nullptr) in_use += static_cast<std::int64_t>(::malloc_usable_size(room));
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
    if (room == nullptr) throw std::bad_alloc();
    return room;
}

void give_back(void* room) noexcept {
    if (room == nullptr) return;
    in_use -= static_cast<std::int64_t>(::malloc_usable_size(room));
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

namespace nightjar::sim {

std::int64_t heap_in_use() noexcept { return in_use; }

}  // namespace nightjar::sim
