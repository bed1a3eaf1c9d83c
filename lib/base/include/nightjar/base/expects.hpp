#pragma once
// Promises of a programmer. They hold in all builds: a broken one prints where and what, then
// aborts.

namespace nightjar {

/// A line of our own code. (Not std::source_location: clang 14 has none.)
struct code_place {
    const char* file;  ///< Static storage.
    unsigned line;

    static constexpr code_place here(const char* file = __builtin_FILE(),
                                     unsigned line = __builtin_LINE()) noexcept {
        return {file, line};
    }
};

/// Called with the broken promise before the abort; a simulator installs one that also prints its
/// seed. Comes on the thread that broke it, at any depth: it may print, and should do nothing else.
using promise_hook = void (*)(const char* promise, code_place where) noexcept;

/// Installs `hook` (null: none) for the whole process and returns the one before it. For start-up,
/// before threads.
promise_hook set_promise_hook(promise_hook hook) noexcept;

/// Calls the hook, prints file, line and the promise where the platform has somewhere to print, and
/// aborts.
[[noreturn]] void broken_promise(const char* promise, code_place where) noexcept;

/// `expects(size <= room, "fits")`: aborts unless `kept`. For what we did wrong, never for what a
/// peer sent.
constexpr void expects(bool kept, const char* promise,
                       code_place where = code_place::here()) noexcept {
    if (!kept) [[unlikely]]
        broken_promise(promise, where);
}

}  // namespace nightjar
