#pragma once
// The beginning of a packet whose rest has not come yet. A connection that holds no cut packet
// holds no memory here.

#include <nightjar/base/bytes.hpp>

#include <memory>

namespace nightjar::io {

/// Joins lent bytes with what was held from before, copying only as much as the cut packet needs.
class read_ahead {
public:
    /// Calls `eat(bytes_view& in) -> std::size_t` with what is there; `eat` drops whole packets
    /// from the front of `in` and returns how many bytes at least the packet at the front still
    /// misses (0: stop, the connection is over; drop everything). What is left is kept for the next
    /// call.
    template <class Eat>
    void feed(bytes_view lent, Eat&& eat) {
        std::size_t missing = 1;
        while (size_ != 0 && !lent.empty()) {
            const std::size_t part = lent.size() < missing_ ? lent.size() : missing_;
            hold(lent.first(part));
            lent = lent.subspan(part);
            bytes_view in{room_.get(), size_};
            missing = eat(in);
            if (missing == 0) return clear();
            drop_to(in.size());
            missing_ = missing;
        }
        if (lent.empty()) return;
        bytes_view in = lent;
        missing = eat(in);
        if (missing == 0) return clear();
        missing_ = missing;
        if (!in.empty()) hold(in);
    }

    bytes_view held() const noexcept { return {room_.get(), size_}; }
    /// How many bytes at least `eat` waits for.
    std::size_t missing() const noexcept { return missing_; }
    void clear() noexcept;

private:
    void hold(bytes_view part);
    void drop_to(std::size_t left) noexcept;

    std::unique_ptr<byte[]> room_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
    std::size_t missing_ = 1;
};

}  // namespace nightjar::io
