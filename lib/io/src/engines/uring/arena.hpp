#pragma once
// Room for what the kernel reads while it takes a submission and never again: message headers,
// gather lists, addresses, times. Grows to what the busiest turn needed and is used again from its
// beginning.

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace nightjar::io::uring {

class arena {
    static constexpr std::size_t block_bytes = 64 * 1024;
    using block = std::array<std::byte, block_bytes>;

public:
    /// Value-initialised; good until `clear()`.
    template <class T>
    std::span<T> take(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T>);
        T* const first = static_cast<T*>(room(count * sizeof(T)));
        std::uninitialized_value_construct_n(first, count);
        return {first, count};
    }
    template <class T>
    T& take() {
        return take<T>(1).front();
    }
    void clear() noexcept { block_ = used_ = 0; }

private:
    void* room(std::size_t size) {
        const std::size_t rounded =
            (size + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
        if (used_ + rounded > block_bytes) {
            ++block_;
            used_ = 0;
        }
        if (block_ == blocks_.size()) blocks_.push_back(std::make_unique<block>());
        void* const at = blocks_[block_]->data() + used_;
        used_ += rounded;
        return at;
    }

    std::vector<std::unique_ptr<block>> blocks_;
    std::size_t block_ = 0;
    std::size_t used_ = 0;
};

}  // namespace nightjar::io::uring
