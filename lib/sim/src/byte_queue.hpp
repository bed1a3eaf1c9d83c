#pragma once
// Bytes, first in, first out.

#include <nightjar/base/bytes.hpp>

#include <vector>

namespace nightjar::sim {

class byte_queue {
public:
    void push(bytes_view what) {
        if (begin_ > 4096 && begin_ * 2 > room_.size()) {
            room_.erase(room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(begin_));
            begin_ = 0;
        }
        room_.insert(room_.end(), what.begin(), what.end());
    }
    /// Promise: `n` is not more than size().
    std::vector<byte> pop(std::size_t n) {
        const auto from = room_.begin() + static_cast<std::ptrdiff_t>(begin_);
        std::vector<byte> taken(from, from + static_cast<std::ptrdiff_t>(n));
        begin_ += n;
        if (begin_ == room_.size()) clear();
        return taken;
    }
    void clear() noexcept {
        room_.clear();
        begin_ = 0;
    }
    std::size_t size() const noexcept { return room_.size() - begin_; }
    bool empty() const noexcept { return size() == 0; }

private:
    std::vector<byte> room_;
    std::size_t begin_ = 0;
};

}  // namespace nightjar::sim
