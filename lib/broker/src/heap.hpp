#pragma once
// The process's heap as a memory source for slabs and blobs. Safe on every thread.

#include <nightjar/base/memory.hpp>

#include <new>

namespace nightjar::broker {

inline constexpr memory_source heap{
    [](void*, std::size_t size, std::size_t alignment) noexcept -> void* {
        return ::operator new (size, std::align_val_t{alignment}, std::nothrow);
    },
    [](void*, void* room, std::size_t, std::size_t alignment) noexcept {
        // Without the size: clang knows that form of delete only with a flag.
        ::operator delete (room, std::align_val_t{alignment});
    },
};

}  // namespace nightjar::broker
