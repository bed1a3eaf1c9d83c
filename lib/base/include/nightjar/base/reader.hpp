#pragma once
// Reads big-endian fields from borrowed bytes as if nothing could fail; ask `ok()` once at the end.
// It refuses to know any protocol: variable-length integers and strings belong to those who define
// them.

#include <nightjar/base/bytes.hpp>

namespace nightjar {

/// A sticky reader. The first field that is not wholly there fails it; from then on every read
/// returns zero or empty, `left()` is 0 and `ok()` is false. What it returns looks into the bytes
/// it was given.
class reader {
public:
    explicit constexpr reader(bytes_view in) noexcept
        : at_(in.data()), end_(in.data() + in.size()) {}

    constexpr std::uint8_t u8() noexcept {
        const byte* p = step(1);
        return p ? p[0] : std::uint8_t{0};
    }

    constexpr std::uint16_t u16() noexcept {
        const byte* p = step(2);
        return p ? static_cast<std::uint16_t>(p[0] << 8 | p[1]) : std::uint16_t{0};
    }

    constexpr std::uint32_t u32() noexcept {
        const byte* p = step(4);
        if (!p) return 0;
        return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 |
               p[3];
    }

    /// The next `size` bytes, all of them or none.
    constexpr bytes_view take(std::size_t size) noexcept {
        const byte* p = step(size);
        return p ? bytes_view{p, size} : bytes_view{};
    }

    /// Takes everything that is left.
    constexpr bytes_view rest() noexcept { return take(left()); }

    constexpr std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    constexpr bool ok() const noexcept { return ok_; }

    /// Fails it by hand: what was read makes no sense to the caller.
    constexpr void fail() noexcept {
        at_ = end_;
        ok_ = false;
    }

private:
    constexpr const byte* step(std::size_t size) noexcept {
        if (size > left()) [[unlikely]] {
            fail();
            return nullptr;
        }
        const byte* p = at_;
        at_ += size;
        return p;
    }

    const byte* at_;
    const byte* end_;
    bool ok_ = true;
};

}  // namespace nightjar
