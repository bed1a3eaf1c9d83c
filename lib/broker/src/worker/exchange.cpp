#include "exchange.hpp"

#include <algorithm>
#include <bit>

namespace nightjar::broker {
namespace {

// All rings together stay small with 64 workers, and two workers still have room for a burst.
std::size_t slots_for(unsigned workers) noexcept {
    return std::bit_ceil(std::max<std::size_t>(128, 8192 / workers));
}

}  // namespace

exchange::exchange(unsigned workers)
    : workers_(workers), rings_(std::size_t{workers} * workers), doors_(workers) {
    for (unsigned from = 0; from != workers; ++from) {
        for (unsigned to = 0; to != workers; ++to) {
            if (from == to) continue;
            lanes_.push_back(std::make_unique<slots_and_ring>(slots_for(workers)));
            rings_[from * workers + to] = &lanes_.back()->lane;
        }
    }
}

void exchange::ring_bell(unsigned worker) noexcept {
    door& at = doors_[worker];
    if (!at.rung.exchange(true, std::memory_order_seq_cst)) at.loop->wake();
}

void exchange::say_last() noexcept {
    if (said_last_.fetch_add(1, std::memory_order_acq_rel) + 1 != workers_) return;
    for (const door& one : doors_) one.loop->wake();
}

mailbox::mailbox(exchange& through, unsigned own)
    : through_(through), own_(own), overflow_(through.workers()), open_(through.workers()) {}

void mailbox::send(unsigned to, letter&& what) {
    seal(to);
    put(to, std::move(what));
}

bool mailbox::send_copy(unsigned to, const message_view& what) {
    if (open_[to] && open_[to]->append(what)) return true;
    seal(to);
    open_[to] = bundle::make();
    if (!open_[to]) return false;
    unsealed_ |= std::uint64_t{1} << to;
    return open_[to]->append(what);
}

void mailbox::seal(unsigned to) {
    if (!open_[to]) return;
    unsealed_ &= ~(std::uint64_t{1} << to);
    put(to, letter{std::move(open_[to])});
}

void mailbox::put(unsigned to, letter&& what) {
    to_ring_ |= std::uint64_t{1} << to;
    if (overflow_[to].empty() && through_.between(own_, to).try_push(std::move(what))) return;
    overflow_[to].push_back(std::move(what));  // NOLINT: a full ring leaves it untouched
    ++waiting_;
}

void mailbox::send_overflow() {
    if (waiting_ == 0) return;
    for (unsigned to = 0; to != overflow_.size(); ++to) {
        auto& queue = overflow_[to];
        while (!queue.empty() && through_.between(own_, to).try_push(std::move(queue.front()))) {
            queue.pop_front();
            --waiting_;
            to_ring_ |= std::uint64_t{1} << to;
        }
        // The receiver rings back when it has read, but only if it is rung at: it may have read
        // before these waited.
        if (!queue.empty()) to_ring_ |= std::uint64_t{1} << to;
    }
}

void mailbox::ring_bells() {
    while (unsealed_ != 0) seal(static_cast<unsigned>(std::countr_zero(unsealed_)));
    for (unsigned to = 0; to_ring_ != 0; ++to, to_ring_ >>= 1)
        if (to_ring_ & 1) through_.ring_bell(to);
}

}  // namespace nightjar::broker
