#pragma once
// Slots with stable addresses, named by {index, generation}: a name that outlived its object finds
// nothing. It never moves an object; chunks in which nothing lives any more go back to where they
// came from, but for one that the next burst begins with.
//
//      slot:   | generation | link |  T ...  |        generation odd: alive, link = its index
//                                                     generation even: free, link = the next free
//                                                     index

#include <cstdint>
#include <nightjar/base/slab_slots.hpp>
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

/// What `slab` and `fixed_slab` have in common. One thread.
///
/// Invariant: `size_` slots are alive; all others that exist are free.
template <class T, class Slots>
class basic_slab : public Slots {
    using slot = detail::slab_slot<T>;

public:
    using Slots::Slots;
    basic_slab(const basic_slab&) = delete;
    basic_slab& operator=(const basic_slab&) = delete;
    ~basic_slab() { clear(); }

    /// Builds an object in a free slot; null when `capacity()` is reached or the source has no
    /// room. The constructor may already ask for `id_of(*this)`. The address is good until
    /// `erase()`. O(1), and a `take` for some 16 KiB of objects.
    template <class... Args>
    [[nodiscard]] T* emplace(Args&&... args) noexcept {
        const std::uint32_t index = Slots::take();
        if (index == detail::nobody) [[unlikely]]
            return nullptr;
        slot& chosen = *Slots::find(index);
        chosen.link = index;
        ++chosen.generation;
        ++size_;
        return ::new (chosen.room) T(std::forward<Args>(args)...);
    }

    /// The object of that name, or null if it is gone.
    T* get(id<T> name) noexcept {
        slot* asked = name.generation & 1 ? Slots::find(name.index) : nullptr;
        return asked && asked->generation == name.generation ? asked->object() : nullptr;
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
        ++Slots::find(index)->generation;
        --size_;
        object.~T();
        Slots::give(index);
    }

    /// Calls `f(T&)` for each, by index. `f` may erase any of them and may emplace; whether the new
    /// ones are visited is not said. O(the most that ever lived at once).
    template <class F>
    void for_each(F&& f) {
        for (std::uint32_t i = 0; i < Slots::end(); ++i)
            if (slot* its = Slots::find(i); its && its->is_alive()) f(*its->object());
    }

    /// Destroys all of them.
    void clear() noexcept {
        for_each([this](T& object) { erase(object); });
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::size_t capacity() const noexcept { return Slots::max(); }

private:
    std::uint32_t size_ = 0;
};

/// `slab<session> sessions(max, source)`: memory comes from a source, up to a maximum.
template <class T>
using slab = basic_slab<T, detail::chunked_slots<T>>;

/// `fixed_slab<session, 8> sessions`: its slots are inside.
template <class T, std::uint32_t N>
using fixed_slab = basic_slab<T, detail::fixed_slots<T, N>>;

}  // namespace nightjar
