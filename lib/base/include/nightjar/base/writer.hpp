#pragma once
// Writes big-endian fields into borrowed bytes as if room had no end; ask `ok()` once at the end.

#include <nightjar/base/bytes.hpp>

namespace nightjar {

/// A sticky writer. The first field that does not fit fails it: neither it nor anything after it is
/// written, and `ok()` is false. The region must outlive the writer and what `written()` returned.
class writer {
public:
    explicit constexpr writer(bytes room) noexcept
        : begin_(room.data()), at_(room.data()), end_(room.data() + room.size()) {}

    constexpr void u8(std::uint8_t value) noexcept {
        if (byte* p = step(1)) p[0] = value;
    }

    constexpr void u16(std::uint16_t value) noexcept {
        byte* p = step(2);
        if (!p) return;
        p[0] = static_cast<byte>(value >> 8);
        p[1] = static_cast<byte>(value);
    }

    constexpr void u32(std::uint32_t value) noexcept {
        byte* p = step(4);
        if (!p) return;
        p[0] = static_cast<byte>(value >> 24);
        p[1] = static_cast<byte>(value >> 16);
        p[2] = static_cast<byte>(value >> 8);
        p[3] = static_cast<byte>(value);
    }

    /// All of `source` or nothing. `source` must not overlap the region.
    void put(bytes_view source) noexcept {
        if (source.empty()) return;
        if (byte* p = step(source.size())) std::memcpy(p, source.data(), source.size());
    }

    /// The whole fields before the first that did not fit.
    constexpr bytes_view written() const noexcept { return {begin_, at_}; }

    /// 0 once it has failed.
    constexpr std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    constexpr bool ok() const noexcept { return ok_; }

private:
    constexpr byte* step(std::size_t size) noexcept {
        if (size > left()) [[unlikely]] {
            end_ = at_;
            ok_ = false;
            return nullptr;
        }
        byte* p = at_;
        at_ += size;
        return p;
    }

    byte* begin_;
    byte* at_;
    byte* end_;
    bool ok_ = true;
};

}  // namespace nightjar
