#include "count.hpp"

#include <atomic>
#include <cstddef>

namespace {
std::atomic<std::uint64_t> calls{0};
}  // namespace

std::uint64_t allocations() noexcept { return calls.load(); }

// glibc calls these instead of its own; operator new comes here too.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) { return ++calls, __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return ++calls, __libc_calloc(count, size); }
void* realloc(void* old, std::size_t size) { return ++calls, __libc_realloc(old, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return ++calls, __libc_memalign(alignment, size);
}
}
