#include "scenario/heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

constinit thread_local std::int64_t in_use = 0;

void* counted(void* room) {
    if (room == nullptr) throw std::bad_alloc();
    in_use += static_cast<std::int64_t>(::malloc_usable_size(room));
    return room;
}

void give_back(void* room) noexcept {
    if (room == nullptr) return;
    in_use -= static_cast<std::int64_t>(::malloc_usable_size(room));
    std::free(room);
}

}  // namespace

// The other forms of new and delete call these. [C++20 17.6.3]
void* operator new(std::size_t size) {
    return counted(std::malloc(std::max<std::size_t>(size, 1)));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    void* room = nullptr;
    const auto least = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
    return counted(::posix_memalign(&room, least, size) == 0 ? room : nullptr);
}
void operator delete(void* room) noexcept { give_back(room); }
void operator delete(void* room, std::size_t) noexcept { give_back(room); }
void operator delete(void* room, std::align_val_t) noexcept { give_back(room); }
void operator delete(void* room, std::size_t, std::align_val_t) noexcept { give_back(room); }

namespace nightjar::sim {

std::int64_t heap_in_use() noexcept { return in_use; }

}  // namespace nightjar::sim
