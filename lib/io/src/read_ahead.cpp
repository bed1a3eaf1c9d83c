#include <nightjar/io/read_ahead.hpp>

#include <algorithm>
#include <cstring>

namespace nightjar::io {

void read_ahead::hold(bytes_view part) {
    const std::size_t wanted = size_ + part.size();
    if (wanted > capacity_) {
        // Twice as much each time, but not more than the packet is known to need: who announces
        // much and sends little gets little.
        const std::size_t room =
            std::max(wanted, std::min(2 * std::size_t{capacity_}, wanted + missing_));
        auto larger = std::make_unique_for_overwrite<byte[]>(room);
        if (size_ != 0) std::memcpy(larger.get(), room_.get(), size_);
        room_ = std::move(larger);
        capacity_ = static_cast<std::uint32_t>(room);
    }
    std::memcpy(room_.get() + size_, part.data(), part.size());
    size_ = static_cast<std::uint32_t>(wanted);
}

void read_ahead::drop_to(std::size_t left) noexcept {
    if (left == 0) return clear();
    const std::size_t gone = size_ - left;
    if (gone != 0) std::memmove(room_.get(), room_.get() + gone, left);
    size_ = static_cast<std::uint32_t>(left);
}

void read_ahead::clear() noexcept {
    room_.reset();
    size_ = capacity_ = 0;
    missing_ = 1;
}

}  // namespace nightjar::io
