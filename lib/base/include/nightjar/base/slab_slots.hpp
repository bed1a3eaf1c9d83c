#pragma once
// Where the objects of a slab lie: inside of it, or in chunks from a memory source. For slab.hpp
// only.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <nightjar/base/expects.hpp>
#include <nightjar/base/memory.hpp>
#include <utility>

namespace nightjar::detail {

/// 8 bytes in front of each object (more only where T wants a stricter alignment).
template <class T>
struct slab_slot {
    std::uint32_t generation = 0;
    std::uint32_t link = 0;
    alignas(T) std::byte room[sizeof(T)];

    bool is_alive() const noexcept { return generation & 1; }
    T* object() noexcept { return std::launder(reinterpret_cast<T*>(room)); }

    static const slab_slot& of(const T& object) noexcept {
        const auto* at = reinterpret_cast<const std::byte*>(std::addressof(object));
        return *std::launder(reinterpret_cast<const slab_slot*>(at - offsetof(slab_slot, room)));
    }
};

/// No slot, no chunk.
inline constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

/// N slots inside the slab.
template <class T, std::uint32_t N>
class fixed_slots {
protected:
    static constexpr std::uint32_t max() noexcept { return N; }
    std::uint32_t end() const noexcept { return made_; }

    slab_slot<T>* find(std::uint32_t index) noexcept { return index < made_ ? at(index) : nullptr; }
    std::uint32_t take() noexcept {
        if (free_ != nobody) return std::exchange(free_, at(free_)->link);
        if (made_ == N) return nobody;
        ::new (at(made_)) slab_slot<T>;
        return made_++;
    }
    void give(std::uint32_t index) noexcept { at(index)->link = std::exchange(free_, index); }

private:
    slab_slot<T>* at(std::uint32_t index) noexcept {
        return reinterpret_cast<slab_slot<T>*>(room_) + index;
    }

    alignas(slab_slot<T>) std::byte room_[N * sizeof(slab_slot<T>)];
    std::uint32_t made_ = 0;
    std::uint32_t free_ = nobody;
};

/// Chunks of some 16 KiB from a memory source, in a table that grows with them.
///
/// Invariants: 1. a chunk with memory has `free` slots, or is full and not among the open ones.
/// 2. A chunk without memory is vacant; its `epoch` is above all generations that it ever gave.
template <class T>
class chunked_slots {
public:
    /// At most `max` objects; memory is taken as they come. Promise: `max` fits 31 bits.
    chunked_slots(std::uint32_t max, const memory_source& source) noexcept
        : max_(max), source_(&source) {
        expects(max < 1U << 31, "a slab counts with 31 bits");
    }
    chunked_slots(const chunked_slots&) = delete;
    chunked_slots& operator=(const chunked_slots&) = delete;

protected:
    ~chunked_slots() {
        for (std::uint32_t i = 0; i != count_; ++i)
            if (table_[i].slots) return_memory(table_[i].slots, chunk_bytes, alignof(slab_slot<T>));
        return_memory(table_, room_ * sizeof(chunk), alignof(chunk));
    }

    std::uint32_t max() const noexcept { return max_; }
    std::uint32_t end() const noexcept { return count_ * per_chunk; }

    slab_slot<T>* find(std::uint32_t index) noexcept {
        const std::uint32_t number = index / per_chunk;
        if (number >= count_ || !table_[number].slots) return nullptr;
        const std::uint32_t offset = index % per_chunk;
        return offset < table_[number].made ? table_[number].slots + offset : nullptr;
    }

    std::uint32_t take() noexcept {
        if (live_ == max_ || (open_ == nobody && !make_chunk())) return nobody;
        const std::uint32_t number = open_;
        chunk& from = table_[number];
        std::uint32_t offset = from.made;
        if (from.free != nobody) {
            offset = std::exchange(from.free, from.slots[from.free].link);
        } else {
            auto* fresh = ::new (from.slots + offset) slab_slot<T>;
            fresh->generation = from.epoch;
            ++from.made;
        }
        ++live_;
        if (++from.live == per_chunk) close(number);
        return number * per_chunk + offset;
    }

    void give(std::uint32_t index) noexcept {
        const std::uint32_t number = index / per_chunk;
        chunk& to = table_[number];
        to.slots[index % per_chunk].link = std::exchange(to.free, index % per_chunk);
        --live_;
        if (to.live-- == per_chunk) open(number);
        if (to.live != 0) return;
        // An empty one is kept, so that coming and going at a border costs nothing.
        if (spare_ == nobody || spare_ == number) {
            spare_ = number;
            return;
        }
        if (table_[spare_].live == 0) release(spare_);
        spare_ = number;
    }

private:
    struct chunk {
        slab_slot<T>* slots = nullptr;
        std::uint32_t live = 0;
        std::uint32_t made = 0;       // slots constructed, from the front
        std::uint32_t free = nobody;  // first free one of them, by offset
        std::uint32_t epoch = 0;      // what a slot's generation begins with
        std::uint32_t next = nobody;  // among the open ones, or the vacant ones
        std::uint32_t previous = nobody;
    };
    static constexpr std::uint32_t per_chunk = std::clamp<std::uint32_t>(
        std::bit_floor(static_cast<std::uint32_t>(16 * 1024 / sizeof(slab_slot<T>))), 16, 1024);
    static constexpr std::size_t chunk_bytes = std::size_t{per_chunk} * sizeof(slab_slot<T>);
    static constexpr std::uint32_t first_room = 8;

    void return_memory(void* what, std::size_t bytes, std::size_t alignment) noexcept {
        if (what && source_->give) source_->give(source_->context, what, bytes, alignment);
    }

    void open(std::uint32_t number) noexcept {
        table_[number].previous = nobody;
        table_[number].next = open_;
        if (open_ != nobody) table_[open_].previous = number;
        open_ = number;
    }

    void close(std::uint32_t number) noexcept {
        const chunk& which = table_[number];
        if (which.previous != nobody)
            table_[which.previous].next = which.next;
        else
            open_ = which.next;
        if (which.next != nobody) table_[which.next].previous = which.previous;
    }

    bool make_chunk() noexcept {
        if (vacant_ == nobody && count_ == room_ && !grow_table()) return false;
        void* memory = source_->take(source_->context, chunk_bytes, alignof(slab_slot<T>));
        if (!memory) return false;
        const std::uint32_t number = vacant_ != nobody ? vacant_ : count_++;
        if (vacant_ != nobody) vacant_ = table_[vacant_].next;
        table_[number].slots = static_cast<slab_slot<T>*>(memory);
        open(number);
        return true;
    }

    void release(std::uint32_t number) noexcept {
        close(number);
        chunk& gone = table_[number];
        for (std::uint32_t i = 0; i != gone.made; ++i)
            gone.epoch = std::max(gone.epoch, gone.slots[i].generation);
        return_memory(gone.slots, chunk_bytes, alignof(slab_slot<T>));
        gone = {.epoch = gone.epoch, .next = std::exchange(vacant_, number)};
    }

    bool grow_table() noexcept {
        const std::uint32_t room = room_ == 0 ? first_room : 2 * room_;
        void* memory = source_->take(source_->context, room * sizeof(chunk), alignof(chunk));
        if (!memory) return false;
        auto* larger = static_cast<chunk*>(memory);
        std::uninitialized_copy_n(table_, count_, larger);
        std::uninitialized_default_construct_n(larger + count_, room - count_);
        return_memory(table_, room_ * sizeof(chunk), alignof(chunk));
        table_ = larger;
        room_ = room;
        return true;
    }

    std::uint32_t max_;
    const memory_source* source_;
    chunk* table_ = nullptr;
    std::uint32_t count_ = 0;        // chunks that were ever made
    std::uint32_t room_ = 0;         // for so many
    std::uint32_t live_ = 0;         // objects
    std::uint32_t open_ = nobody;    // chunks with room
    std::uint32_t vacant_ = nobody;  // chunks that were given back
    std::uint32_t spare_ = nobody;   // the one that became empty last
};

}  // namespace nightjar::detail
