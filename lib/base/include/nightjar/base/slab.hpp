#pragma once
// Slots with stable addresses, named by {index, generation}: a name that outlived its object finds
// nothing. It never moves an object and never returns memory before it dies itself.
//
//      slot:   | generation | link |  T ...  |        generation odd: alive, link = its index
//                                                     generation even: free, link = the next free
//                                                     index

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <nightjar/base/expects.hpp>
#include <nightjar/base/memory.hpp>
#include <type_traits>
#include <utility>

namespace nightjar {

/// The name of an object in a slab: a value, safe to keep after the object is gone. The default
/// names nothing.
///
/// A slot's generation grows by 2 with each object, so after 2^31 objects in one and the same slot
/// an old name of that slot would fit again. Whoever keeps names through billions of reuses must
/// drop them in time.
template <class T>
struct id {
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    explicit constexpr operator bool() const noexcept { return generation != 0; }
    friend constexpr bool operator==(id, id) noexcept = default;

    /// As one number, for where only a number fits (a kernel's user data), and back.
    constexpr std::uint64_t number() const noexcept {
        return std::uint64_t{generation} << 32 | index;
    }
    static constexpr id from(std::uint64_t number) noexcept {
        return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32)};
    }
};

namespace detail {

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

/// N slots inside the slab.
template <class T, std::uint32_t N>
class fixed_slots {
protected:
    static constexpr std::uint32_t max() noexcept { return N; }
    bool make(std::uint32_t index) noexcept {
        ::new (at(index)) slab_slot<T>;
        return true;
    }
    slab_slot<T>* at(std::uint32_t index) noexcept {
        return reinterpret_cast<slab_slot<T>*>(room_) + index;
    }

private:
    alignas(slab_slot<T>) std::byte room_[N * sizeof(slab_slot<T>)];
};

/// Chunks from a memory source, each twice as large as the one before, so that a table of 32 names
/// them all.
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
        if (!source_->give) return;
        for (unsigned i = 0; i < chunks_max && chunks_[i]; ++i)
            source_->give(source_->context, chunks_[i], bytes_of(i), alignof(slab_slot<T>));
    }

    std::uint32_t max() const noexcept { return max_; }

    bool make(std::uint32_t index) noexcept {
        const place where(index);
        slab_slot<T>*& chunk = chunks_[where.chunk];
        if (!chunk) {
            chunk = static_cast<slab_slot<T>*>(
                source_->take(source_->context, bytes_of(where.chunk), alignof(slab_slot<T>)));
            if (!chunk) return false;
        }
        ::new (chunk + where.offset) slab_slot<T>;
        return true;
    }

    slab_slot<T>* at(std::uint32_t index) noexcept {
        const place where(index);
        return chunks_[where.chunk] + where.offset;
    }

private:
    static constexpr std::uint32_t first_chunk = 64;
    static constexpr unsigned chunks_max = 26;  // 64 * (2^26 - 1) slots: more than 31 bits

    /// Chunk k begins at slot 64 * (2^k - 1): shifted by 64, an index's highest bit says which
    /// chunk it is in.
    struct place {
        explicit place(std::uint32_t index) noexcept {
            const std::uint32_t shifted = index + first_chunk;
            chunk = static_cast<unsigned>(std::bit_width(shifted / first_chunk)) - 1;
            offset = shifted - (first_chunk << chunk);
        }
        unsigned chunk;
        std::uint32_t offset;
    };

    std::size_t bytes_of(unsigned chunk) const noexcept {
        const std::uint32_t begin = (first_chunk << chunk) - first_chunk;
        const std::uint32_t size = first_chunk << chunk;
        return std::size_t{std::min(size, max_ - begin)} * sizeof(slab_slot<T>);
    }

    std::uint32_t max_;
    const memory_source* source_;
    slab_slot<T>* chunks_[chunks_max] = {};
};

}  // namespace detail

/// What `slab` and `fixed_slab` have in common. One thread.
///
/// Invariants: 1. slots below `made_` are constructed, each alive or on the free list. 2. `size_`
/// of them are alive.
template <class T, class Slots>
class basic_slab : public Slots {
    using slot = detail::slab_slot<T>;
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

public:
    using Slots::Slots;
    basic_slab(const basic_slab&) = delete;
    basic_slab& operator=(const basic_slab&) = delete;
    ~basic_slab() { clear(); }

    /// Builds an object in a free slot; null when `capacity()` is reached or the source has no
    /// room. The constructor may already ask for `id_of(*this)`. The address is good until
    /// `erase()`. O(1), and one `take` per doubling.
    template <class... Args>
    [[nodiscard]] T* emplace(Args&&... args) noexcept {
        const std::uint32_t index = take();
        if (index == nobody) [[unlikely]]
            return nullptr;
        slot& chosen = *Slots::at(index);
        chosen.link = index;
        ++chosen.generation;
        ++size_;
        return ::new (chosen.room) T(std::forward<Args>(args)...);
    }

    /// The object of that name, or null if it is gone.
    T* get(id<T> name) noexcept {
        if (name.index >= made_ || !(name.generation & 1)) return nullptr;
        slot& asked = *Slots::at(name.index);
        return asked.generation == name.generation ? asked.object() : nullptr;
    }

    /// Promise: `object` lives in this slab.
    id<T> id_of(const T& object) const noexcept {
        const slot& its = slot::of(object);
        expects(its.is_alive(), "id_of() what lives in a slab");
        return {its.link, its.generation};
    }

    /// Destroys it; false if it was gone. During its destructor its name finds nothing any more.
    bool erase(id<T> name) noexcept {
        T* object = get(name);
        if (object) erase(*object);
        return object != nullptr;
    }

    /// Promise: `object` lives in this slab.
    void erase(T& object) noexcept {
        const std::uint32_t index = id_of(object).index;
        slot& its = *Slots::at(index);
        ++its.generation;
        --size_;
        object.~T();
        its.link = free_;
        free_ = index;
    }

    /// Calls `f(T&)` for each, by index. `f` may erase any of them and may emplace; whether the new
    /// ones are visited is not said. O(the most that ever lived at once).
    template <class F>
    void for_each(F&& f) {
        for (std::uint32_t i = 0; i < made_; ++i)
            if (slot& its = *Slots::at(i); its.is_alive()) f(*its.object());
    }

    /// Destroys all of them.
    void clear() noexcept {
        for_each([this](T& object) { erase(object); });
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::size_t capacity() const noexcept { return Slots::max(); }

private:
    std::uint32_t take() noexcept {
        if (free_ != nobody) return std::exchange(free_, Slots::at(free_)->link);
        if (made_ == Slots::max() || !Slots::make(made_)) return nobody;
        return made_++;
    }

    std::uint32_t made_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t free_ = nobody;
};

/// `slab<session> sessions(max, source)`: memory comes from a source, up to a maximum.
template <class T>
using slab = basic_slab<T, detail::chunked_slots<T>>;

/// `fixed_slab<session, 8> sessions`: its slots are inside.
template <class T, std::uint32_t N>
using fixed_slab = basic_slab<T, detail::fixed_slots<T, N>>;

}  // namespace nightjar
