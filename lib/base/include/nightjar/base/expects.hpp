#pragma once
// Promises of a programmer. They hold in all builds: a broken one prints where and what, then aborts.

#include <source_location>

namespace nightjar {

/// Called with the broken promise before the abort; a simulator installs one that also prints its seed. May be null.
using promise_hook = void (*)(const char* promise, const std::source_location& where) noexcept;

/// Installs `hook` for the whole process and returns the one before it. For start-up, before threads.
promise_hook set_promise_hook(promise_hook hook) noexcept;

/// Prints file, line and the promise where the platform has somewhere to print, and aborts.
[[noreturn]] void broken_promise(const char* promise, const std::source_location& where) noexcept;

/// `expects(size <= room, "fits")`: aborts unless `kept`. For what we did wrong, never for what a peer sent.
constexpr void expects(bool kept, const char* promise,
                       const std::source_location& where = std::source_location::current()) noexcept {
    if (!kept) [[unlikely]] broken_promise(promise, where);
}

}  // namespace nightjar
