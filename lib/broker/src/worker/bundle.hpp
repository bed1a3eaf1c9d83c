#pragma once
// Small messages for one other worker, one behind the other in one piece of memory: what a turn
// publishes goes over in a few letters, and neither side counts references or allocates per
// message.
//
//      | size | message | size | message | ...          as store() lays them out

#include <cstring>
#include <memory>

#include "../message.hpp"

namespace nightjar::broker {

class bundle {
public:
    /// Larger payloads go over by reference.
    static bool is_for(const message_view& what) noexcept {
        return stored_size(what) + sizeof(std::uint32_t) <= item_max;
    }
    /// Null where there is no memory.
    static std::unique_ptr<bundle> make() noexcept;

    /// False: it is full. Promise: is_for(what).
    [[nodiscard]] bool append(const message_view& what) noexcept;

    /// In their order; each view borrows from the bundle.
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t at = 0; at != used_;) {
            std::uint32_t size = 0;
            std::memcpy(&size, &room_[at], sizeof size);
            at += sizeof size;
            visit(stored_message({&room_[at], size}));
            at += size;
        }
    }

private:
    static constexpr std::size_t item_max = 2048;
    static constexpr std::size_t bytes_max = 16 * 1024;

    bundle() noexcept = default;  // leaves the room alone: it is written before it is read

    std::size_t used_ = 0;
    byte room_[bytes_max];
};

}  // namespace nightjar::broker
