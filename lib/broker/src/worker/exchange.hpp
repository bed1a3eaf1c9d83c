#pragma once
// A bounded ring from each worker to each other one. A sender whose ring is full keeps its letters
// in order and stops reading from those whose messages filled it, until the receiver has caught up.

#include <nightjar/base/ring.hpp>
#include <nightjar/io/loop.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "letter.hpp"

namespace nightjar::broker {

/// All rings of a broker. Made before its workers' threads start, outlives them.
class exchange {
public:
    explicit exchange(unsigned workers);

    unsigned workers() const noexcept { return workers_; }
    ring<letter>& between(unsigned from, unsigned to) noexcept {
        return *rings_[from * workers_ + to];
    }
    /// Before the first letter: how to wake the worker.
    void enlist(unsigned worker, io::loop& loop) noexcept { doors_[worker].loop = &loop; }
    /// Wakes the worker's loop, once until it has read its letters. Any thread.
    void ring_bell(unsigned worker) noexcept;
    /// The worker is about to read all of its rings.
    void answer_bell(unsigned worker) noexcept {
        doors_[worker].rung.store(false, std::memory_order_seq_cst);
    }
    /// For a worker that ends, once: all that others must have before they end is in its rings.
    void say_last() noexcept;
    /// Whoever reads its rings after this has what all workers said before they end.
    bool have_all_said_last() const noexcept {
        return said_last_.load(std::memory_order_acquire) == workers_;
    }

private:
    struct slots_and_ring {
        explicit slots_and_ring(std::size_t slots) : memory(slots), lane({memory.data(), slots}) {}
        std::vector<letter> memory;
        ring<letter> lane;
    };
    struct alignas(cache_line) door {
        io::loop* loop = nullptr;
        std::atomic<bool> rung{false};
    };
    unsigned workers_;
    std::vector<std::unique_ptr<slots_and_ring>> lanes_;
    std::vector<ring<letter>*> rings_;
    std::vector<door> doors_;
    std::atomic<unsigned> said_last_{0};
};

/// One worker's end of the exchange.
class mailbox {
public:
    mailbox(exchange& through, unsigned own);

    void send(unsigned to, letter&& what);
    /// A message, copied: it goes over at the end of the turn at the latest, in order with
    /// letters. False: there is no memory.
    [[nodiscard]] bool send_copy(unsigned to, const message_view& what);
    /// Visits the letters that have come: `visit(from, letter&)` says whether to go on. False: it
    /// did not want all of them; call again, with or without a bell. Also sends on what did not fit
    /// before.
    template <class Visit>
    [[nodiscard]] bool receive(Visit&& visit) {
        through_.answer_bell(own_);
        bool goes_on = true;
        for (unsigned i = 0; goes_on && i != through_.workers(); ++i) {
            const unsigned from = next_;
            next_ = (from + 1) % through_.workers();  // who filled the turn is asked last next time
            letter one;
            while (goes_on && from != own_ && through_.between(from, own_).try_pop(one))
                goes_on = visit(from, one);
        }
        send_overflow();
        return goes_on;
    }
    /// Sends off what is bundled and rings at the workers that were sent something since the last
    /// call. Once a turn.
    void ring_bells();
    /// Something waits for room in a ring.
    bool is_congested() const noexcept { return waiting_ != 0; }
    /// Promise: ring_bells() was called, and nothing waits.
    void say_last() noexcept { through_.say_last(); }
    bool have_all_said_last() const noexcept { return through_.have_all_said_last(); }

private:
    void put(unsigned to, letter&& what);
    void seal(unsigned to);
    void send_overflow();

    exchange& through_;
    unsigned own_;
    unsigned next_ = 0;  // whose ring is read first
    std::uint64_t to_ring_ = 0;
    std::size_t waiting_ = 0;
    std::vector<std::deque<letter>> overflow_;
    std::vector<std::unique_ptr<bundle>> open_;  // by receiver; null: nothing in it
    std::uint64_t unsealed_ = 0;                 // a bit for each receiver with an open one
};

}  // namespace nightjar::broker
