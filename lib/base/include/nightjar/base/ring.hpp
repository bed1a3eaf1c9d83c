#pragma once
// A bounded queue from one thread to one other: no lock, no atomic read-modify-write, no
// allocation.
//
//      slots:   | . | . | c | d | e | f | . | . |        head and tail count for ever; a slot is
//      its count & mask
//                         ^ head_       ^ tail_
//                         consumer's    producer's

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <nightjar/base/expects.hpp>
#include <span>
#include <utility>

namespace nightjar {

/// What two threads should not share; a microcontroller has no such lines.
inline constexpr std::size_t cache_line = sizeof(void*) >= 8 ? 64 : alignof(void*);

/// One thread calls the producer's half, one the consumer's. What the producer did before a push,
/// the consumer sees after the pop. Elements live in the caller's slots, which hold default or
/// moved-from values where nothing waits.
template <class T>
class ring {
    static_assert(std::is_nothrow_move_assignable_v<T>);

public:
    /// `slots` must outlive the ring. Promise: their number is a power of two.
    explicit ring(std::span<T> slots) noexcept : slots_(slots.data()), mask_(slots.size() - 1) {
        expects(std::has_single_bit(slots.size()), "a ring has a power of two of slots");
    }
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;

    /// Producer: appends `value`, or leaves it untouched and returns false when full.
    [[nodiscard]] bool try_push(T&& value) noexcept { return push({&value, 1}) == 1; }
    [[nodiscard]] bool try_push(const T& value) noexcept {
        T copied = value;
        return try_push(std::move(copied));
    }

    /// Producer: moves as many as fit from the front of `source`, in order, and returns how many.
    /// They become visible together: one store per batch.
    [[nodiscard]] std::size_t push(std::span<T> source) noexcept {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        const std::size_t count = std::min(source.size(), room(tail, source.size()));
        for (std::size_t i = 0; i < count; ++i) slots_[(tail + i) & mask_] = std::move(source[i]);
        if (count > 0) tail_.store(tail + count, std::memory_order_release);
        return count;
    }

    /// Consumer: moves the oldest to `value`, or leaves it untouched and returns false when empty.
    [[nodiscard]] bool try_pop(T& value) noexcept { return pop({&value, 1}) == 1; }

    /// Consumer: moves as many as wait to the front of `target`, oldest first, and returns how
    /// many.
    [[nodiscard]] std::size_t pop(std::span<T> target) noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        const std::size_t count = std::min(target.size(), waiting(head, target.size()));
        for (std::size_t i = 0; i < count; ++i) target[i] = std::move(slots_[(head + i) & mask_]);
        if (count > 0) head_.store(head + count, std::memory_order_release);
        return count;
    }

    std::size_t capacity() const noexcept { return mask_ + 1; }

    /// How many wait, on any thread; already old when it returns. For metrics, not for decisions.
    std::size_t size_estimate() const noexcept {
        // The head first: the tail read after it is never behind it.
        const std::size_t head = head_.load(std::memory_order_acquire);
        const std::size_t tail = tail_.load(std::memory_order_acquire);
        return std::min(tail - head, capacity());
    }

private:
    // Each side asks for the other's index, whose cache line it has to fetch, only when its last
    // copy is not enough.
    std::size_t room(std::size_t tail, std::size_t wanted) noexcept {
        std::size_t free = capacity() - (tail - head_seen_);
        if (free >= wanted) return free;
        head_seen_ = head_.load(std::memory_order_acquire);
        return capacity() - (tail - head_seen_);
    }

    std::size_t waiting(std::size_t head, std::size_t wanted) noexcept {
        if (tail_seen_ - head >= wanted) return tail_seen_ - head;
        tail_seen_ = tail_.load(std::memory_order_acquire);
        return tail_seen_ - head;
    }

    T* const slots_;
    const std::size_t mask_;

    alignas(cache_line) std::atomic<std::size_t> tail_{0};  // written by the producer
    std::size_t head_seen_ = 0;                             // the producer's own

    alignas(cache_line) std::atomic<std::size_t> head_{0};  // written by the consumer
    std::size_t tail_seen_ = 0;                             // the consumer's own
};

namespace detail {

template <class T, std::size_t N>
struct ring_slots {
    std::array<T, N> room{};
};

}  // namespace detail

/// A ring with its N slots inside.
template <class T, std::size_t N>
class fixed_ring : private detail::ring_slots<T, N>, public ring<T> {
    static_assert(std::has_single_bit(N), "a ring has a power of two of slots");

public:
    fixed_ring() noexcept : ring<T>(detail::ring_slots<T, N>::room) {}
};

}  // namespace nightjar
