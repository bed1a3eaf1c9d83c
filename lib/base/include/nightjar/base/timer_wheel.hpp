#pragma once
// A hierarchical wheel of intrusive timers: arming, moving and cancelling cost the same for ten
// timers and ten million. It reads no clock, owns no timer, allocates nothing and never fires
// early.
//
//      level 0:  32 slots of one tick (1 ms)      a timer waits on the level of the highest 5-bit
//      digit in which level 1:  32 slots of 32 ticks             its tick differs from the current
//      one; when the wheel comes to
//      ...                                        its slot it moves down. A bit per slot says which
//      are occupied, level 8:  the rest of 64-bit time          so that empty time is jumped over.

#include <array>
#include <cstddef>
#include <cstdint>
#include <nightjar/base/time.hpp>

namespace nightjar {

class timer_wheel;

namespace detail {

struct timer_link {
    timer_link* prev = nullptr;
    timer_link* next = nullptr;
};

struct timer_list : timer_link {
    timer_wheel* owner = nullptr;
    timer_list() noexcept { prev = next = this; }
    bool empty() const noexcept { return next == this; }
};

}  // namespace detail

/// A base or a member of what waits for something. Stays where it is while armed; cancels itself
/// when it dies.
class timer : private detail::timer_link {
public:
    /// Comes from `timer_wheel::advance(now)`. The timer is not armed any more: the callback may
    /// arm it again, destroy it, and arm or cancel any other, also those that are due in the same
    /// tick.
    using callback = void (*)(timer& self, instant now) noexcept;

    explicit timer(callback call) noexcept : call_(call) {}
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;
    ~timer() { cancel(); }

    bool is_armed() const noexcept { return next != nullptr; }

    /// When it is to fire, or was to when last armed.
    instant at() const noexcept { return at_; }

    /// After it the timer does not fire. Nothing if it was not armed. O(1).
    void cancel() noexcept;

private:
    friend class timer_wheel;

    instant at_{};
    callback call_;
};

/// The timers of one thread. A timer armed for `at` fires in the first `advance(now)` whose whole
/// ticks reach it: never for now < at, always for now >= at + tick. Order: by tick; within a tick
/// as they were armed.
///
/// Invariants: 1. a timer on level n has the current tick's digits above n, and a larger digit
/// n. 2. `occupied_[n]` has the bits of exactly the level's non-empty slots, `levels_` those of the
/// levels that have any. 3. Outside of `advance()` nothing is due.
class timer_wheel {
public:
    static constexpr duration tick = 1ms;

    /// Time begins at `start`; what is armed for before it is due at once.
    explicit timer_wheel(instant start) noexcept;
    timer_wheel(const timer_wheel&) = delete;
    timer_wheel& operator=(const timer_wheel&) = delete;

    /// Cancels all timers, O(timers).
    ~timer_wheel();

    /// Arms it for `at`, or moves it there if it is armed. What lies in the past, or in the current
    /// tick, fires in the next `advance()`; armed by a callback that is the next call, not this
    /// one. O(1).
    void arm(timer& which, instant at) noexcept;

    /// Fires what is due and returns how many that were. A `now` before the last one counts as the
    /// last one. Promise: not called by a callback. O(fired + moved down + 1), whatever time
    /// passed.
    std::size_t advance(instant now) noexcept;

    /// When to call `advance()` next: no timer fires before; it may be that then none does, where a
    /// distant one only moves nearer (8 times in its life at most). In the past or now if something
    /// is due; `never` if nothing is armed. O(1).
    instant next_deadline() const noexcept;

private:
    friend class timer;
    using list = detail::timer_list;

    static constexpr unsigned digit_bits = 5;
    static constexpr unsigned digits = 1U << digit_bits;
    static constexpr unsigned levels = 9;  // 2^64 ns are less than 2^45 ticks
    static constexpr std::uint64_t no_tick = ~std::uint64_t{0};

    std::uint64_t tick_at_or_after(instant at) const noexcept;
    std::uint64_t tick_at_or_before(instant now) const noexcept;
    instant begin_of(std::uint64_t when) const noexcept;

    /// The tick at which the first occupied slot begins.
    std::uint64_t next_occupied() const noexcept;

    /// Moves the slot that begins at the current tick down, and what is due of it to `due_`.
    void open_current_slot() noexcept;
    void place(timer& which, list& if_current) noexcept;
    std::size_t fire_due(instant now) noexcept;
    void emptied(const list& which) noexcept;

    std::array<list, levels * digits> slots_;
    list overdue_;  // armed for what has passed already: first in the next advance()
    list due_;      // firing now
    std::array<std::uint32_t, levels> occupied_{};
    std::uint32_t levels_ = 0;
    std::uint64_t current_ = 0;  // the last tick that was fired
    instant start_;
    bool advancing_ = false;
};

}  // namespace nightjar
