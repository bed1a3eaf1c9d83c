#include <nightjar/base/timer_wheel.hpp>

#include <algorithm>
#include <bit>
#include <nightjar/base/expects.hpp>

namespace nightjar {

namespace {

using detail::timer_link;
using detail::timer_list;

constexpr std::uint64_t tick_ns = static_cast<std::uint64_t>(timer_wheel::tick.count());

/// Nanoseconds from `from` to `to`, in which no difference overflows. Promise: from <= to.
std::uint64_t distance(instant from, instant to) noexcept {
    return static_cast<std::uint64_t>(to.time_since_epoch().count()) -
           static_cast<std::uint64_t>(from.time_since_epoch().count());
}

void append(timer_list& target, timer_link& link) noexcept {
    link.prev = target.prev;
    link.next = &target;
    target.prev->next = &link;
    target.prev = &link;
}

void append_all(timer_list& target, timer_list& source) noexcept {
    if (source.empty()) return;
    source.next->prev = target.prev;
    source.prev->next = &target;
    target.prev->next = source.next;
    target.prev = source.prev;
    source.prev = source.next = &source;
}

}  // namespace

void timer::cancel() noexcept {
    if (!is_armed()) return;
    prev->next = next;
    next->prev = prev;
    // The last one leaves a list whose only link is its head: the wheel's bits must hear of it.
    if (prev == next) {
        const auto& head = static_cast<const timer_list&>(*next);
        head.owner->emptied(head);
    }
    prev = next = nullptr;
}

timer_wheel::timer_wheel(instant start) noexcept : start_(start) {
    for (list& slot : slots_) slot.owner = this;
    overdue_.owner = due_.owner = this;
}

timer_wheel::~timer_wheel() {
    const auto cancel_all = [](list& slot) {
        while (!slot.empty()) static_cast<timer*>(slot.next)->cancel();
    };
    std::for_each(slots_.begin(), slots_.end(), cancel_all);
    cancel_all(overdue_);
    cancel_all(due_);
}

void timer_wheel::arm(timer& which, instant at) noexcept {
    which.cancel();
    which.at_ = at;
    place(which, overdue_);
}

std::size_t timer_wheel::advance(instant now) noexcept {
    expects(!advancing_, "advance() is not called by a callback");
    advancing_ = true;
    append_all(due_, overdue_);
    std::size_t fired = fire_due(now);
    const std::uint64_t target = std::max(tick_at_or_before(now), current_);
    for (std::uint64_t next = next_occupied(); next <= target && next != no_tick;
         next = next_occupied()) {
        current_ = next;
        open_current_slot();
        fired += fire_due(now);
    }
    // No occupied slot begins before the target or at it, so all digits that matter stay equal:
    // invariant 1 holds.
    current_ = target;
    advancing_ = false;
    return fired;
}

instant timer_wheel::next_deadline() const noexcept {
    if (!overdue_.empty() || !due_.empty()) return begin_of(current_);
    const std::uint64_t next = next_occupied();
    return next == no_tick ? never : begin_of(next);
}

std::uint64_t timer_wheel::tick_at_or_after(instant at) const noexcept {
    if (at <= start_) return 0;
    return (distance(start_, at) - 1) / tick_ns + 1;
}

std::uint64_t timer_wheel::tick_at_or_before(instant now) const noexcept {
    return now <= start_ ? 0 : distance(start_, now) / tick_ns;
}

instant timer_wheel::begin_of(std::uint64_t when) const noexcept {
    if (when > distance(start_, never) / tick_ns) return never;
    return instant(duration(static_cast<duration::rep>(
        static_cast<std::uint64_t>(start_.time_since_epoch().count()) + when * tick_ns)));
}

std::uint64_t timer_wheel::next_occupied() const noexcept {
    if (levels_ == 0) return no_tick;
    // By invariant 1 all of a level is earlier than all of the level above it.
    const auto level = static_cast<unsigned>(std::countr_zero(levels_));
    const auto digit = static_cast<std::uint64_t>(std::countr_zero(occupied_[level]));
    const unsigned shift = level * digit_bits;
    const std::uint64_t above = current_ >> (shift + digit_bits) << (shift + digit_bits);
    return above | digit << shift;
}

void timer_wheel::open_current_slot() noexcept {
    const auto level = static_cast<unsigned>(std::countr_zero(levels_));
    const auto digit = static_cast<unsigned>(std::countr_zero(occupied_[level]));
    list& slot = slots_[level * digits + digit];
    list opened;
    append_all(opened, slot);
    emptied(slot);
    if (level == 0) return append_all(due_, opened);
    // One by one from the front: timers of one tick stay in the order in which they were armed.
    for (timer_link *at = opened.next, *next = at->next; at != &opened; at = next, next = at->next)
        place(static_cast<timer&>(*at), due_);
}

void timer_wheel::place(timer& which, list& if_current) noexcept {
    const std::uint64_t when = tick_at_or_after(which.at_);
    if (when <= current_) return append(if_current, which);
    const auto level = (static_cast<unsigned>(std::bit_width(when ^ current_)) - 1) / digit_bits;
    const auto digit = static_cast<unsigned>(when >> (level * digit_bits)) % digits;
    append(slots_[level * digits + digit], which);
    occupied_[level] |= 1U << digit;
    levels_ |= 1U << level;
}

std::size_t timer_wheel::fire_due(instant now) noexcept {
    std::size_t fired = 0;
    for (; !due_.empty(); ++fired) {
        auto& first = static_cast<timer&>(*due_.next);
        first.cancel();
        first.call_(first, now);
    }
    return fired;
}

void timer_wheel::emptied(const list& which) noexcept {
    if (&which == &overdue_ || &which == &due_) return;
    const auto index = static_cast<unsigned>(&which - slots_.data());
    const unsigned level = index / digits;
    occupied_[level] &= ~(1U << index % digits);
    if (occupied_[level] == 0) levels_ &= ~(1U << level);
}

}  // namespace nightjar
