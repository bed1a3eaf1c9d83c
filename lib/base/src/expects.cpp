#include <nightjar/base/expects.hpp>

#include <atomic>

#include "halt.hpp"

namespace nightjar {

namespace {

// The one process-wide variable: a promise may break on any thread, and has no object to ask.
constinit std::atomic<promise_hook> installed_hook{nullptr};  // NOLINT(*-non-const-global-*)

}  // namespace

promise_hook set_promise_hook(promise_hook hook) noexcept {
    // Not an exchange: the smallest Cortex-M cores have none, and the contract says "before
    // threads".
    const promise_hook before = installed_hook.load(std::memory_order_acquire);
    installed_hook.store(hook, std::memory_order_release);
    return before;
}

void broken_promise(const char* promise, code_place where) noexcept {
    if (const promise_hook hook = installed_hook.load(std::memory_order_acquire))
        hook(promise, where);
    halt(promise, where);
}

}  // namespace nightjar
