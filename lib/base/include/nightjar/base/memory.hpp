#pragma once
// Where memory comes from, as a value: base has no heap, so whoever wants more than it was given is
// told where to ask.

#include <cstddef>

namespace nightjar {

/// A pair of functions and what they work on. Must outlive whatever was taken from it. Where memory
/// is given back on another thread than it was taken on (a crossed `blob`), both functions must be
/// safe to call there.
struct memory_source {
    /// At least `size` bytes at a multiple of `alignment` (a power of two), or null when there is
    /// no room.
    void* (*take)(void* context, std::size_t size, std::size_t alignment) noexcept;

    /// Takes back what `take` gave for the same size and alignment. May be null: then nothing comes
    /// back.
    void (*give)(void* context, void* room, std::size_t size, std::size_t alignment) noexcept;

    void* context = nullptr;
};

}  // namespace nightjar
