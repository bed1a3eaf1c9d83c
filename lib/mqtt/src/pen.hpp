#pragma once
// Writes into room whose size was computed beforehand, without asking at each field: for PUBLISH
// alone, which is what a broker writes all day. The other packets take the checked `writer`.

#include <cstring>

#include <nightjar/base/bytes.hpp>

namespace nightjar::mqtt {

/// Promise of the caller: all that is put fits.
class pen {
public:
    explicit pen(byte* at) noexcept : at_(at) {}

    void u8(std::uint8_t value) noexcept { *at_++ = value; }
    void u16(std::uint16_t value) noexcept {
        u8(static_cast<byte>(value >> 8));
        u8(static_cast<byte>(value));
    }
    void var_int(std::uint32_t value) noexcept {
        for (; value >= 0x80; value >>= 7) u8(static_cast<byte>(value | 0x80));
        u8(static_cast<byte>(value));
    }

    void put(bytes_view source) noexcept {
        if (source.size() - 8 <= 56) [[likely]]
            put_short(source.data(), source.size());
        else if (!source.empty())
            std::memcpy(at_, source.data(), source.size());
        at_ += source.size();
    }

    const byte* at() const noexcept { return at_; }

private:
    /// 8 to 64 bytes as blocks of a fixed size, the last of which overlaps the one before: no call,
    /// no loop over bytes.
    void put_short(const byte* source, std::size_t size) noexcept {
        if (size < 16) {
            std::uint64_t head, tail;
            std::memcpy(&head, source, 8);
            std::memcpy(&tail, source + size - 8, 8);
            std::memcpy(at_, &head, 8);
            std::memcpy(at_ + size - 8, &tail, 8);
            return;
        }
        for (std::size_t i = 0; i + 16 < size; i += 16) std::memcpy(at_ + i, source + i, 16);
        std::memcpy(at_ + size - 16, source + size - 16, 16);
    }

    byte* at_;
};

}  // namespace nightjar::mqtt
