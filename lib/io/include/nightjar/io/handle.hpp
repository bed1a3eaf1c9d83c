#pragma once
// What is left of a stream while it travels from one loop to another: a descriptor, or whatever its
// engine calls one.

#include <cstdint>
#include <utility>

namespace nightjar::io {

/// Owns a descriptor-like number. Moves, closes on destruction through the function that its maker
/// gave.
class handle {
public:
    using closer = void (*)(std::intptr_t) noexcept;

    handle() noexcept = default;
    handle(std::intptr_t value, closer close) noexcept : value_(value), close_(close) {}
    handle(handle&& other) noexcept
        : value_(other.value_), close_(std::exchange(other.close_, nullptr)) {}
    handle& operator=(handle&& other) noexcept {
        if (this != &other) {
            reset();
            value_ = other.value_;
            close_ = std::exchange(other.close_, nullptr);
        }
        return *this;
    }
    ~handle() { reset(); }

    explicit operator bool() const noexcept { return close_ != nullptr; }
    std::intptr_t value() const noexcept { return value_; }
    /// Gives the number away; nobody closes it any more but the caller.
    std::intptr_t take() noexcept {
        close_ = nullptr;
        return value_;
    }
    void reset() noexcept {
        if (auto close = std::exchange(close_, nullptr)) close(value_);
    }

private:
    std::intptr_t value_ = -1;
    closer close_ = nullptr;
};

/// A file descriptor of the kernel's, closed with close(2).
handle kernel_handle(int descriptor) noexcept;

}  // namespace nightjar::io
