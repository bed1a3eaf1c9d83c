#pragma once
// Looks at eight characters at once. Answers one question only: is this text plain, so that nobody
// has to look closer?

#include <cstdint>
#include <cstring>
#include <string_view>

namespace nightjar::mqtt::ascii {

inline constexpr std::uint64_t ones = 0x0101010101010101;
inline constexpr std::uint64_t lows = ones * 0x7F;
inline constexpr std::uint64_t highs = ones * 0x80;

template <class Word>
inline Word load(const char* at) noexcept {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// The high bit of each byte that lies in 0x01..0x7F. Right for all bytes below the first other
/// one, in carry order; so the whole word is plain exactly when every high bit is set.
constexpr std::uint64_t plain_bits(std::uint64_t word) noexcept {
    return (word + lows) & ~word & highs;
}

/// As `plain_bits`, and neither '+' nor '#': these two differ in bit 3 alone.
constexpr std::uint64_t plain_topic_bits(std::uint64_t word) noexcept {
    return plain_bits(word) & (((word & ~(ones * 0x08)) ^ (ones * 0x23)) + lows);
}

/// Whether `Bits` sets all high bits over the whole text. The last word overlaps the one before it,
/// so no byte is looked at alone from eight characters on.
template <std::uint64_t (*Bits)(std::uint64_t) noexcept>
inline bool holds(std::string_view text) noexcept {
    const char* at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) {
        std::uint64_t all = highs;
        for (std::size_t i = 0; i + 8 <= size; i += 8) all &= Bits(load<std::uint64_t>(at + i));
        return (all & Bits(load<std::uint64_t>(at + size - 8))) == highs;
    }
    if (size >= 4) {
        const std::uint64_t head = load<std::uint32_t>(at),
                            tail = load<std::uint32_t>(at + size - 4);
        return Bits(head | tail << 32) == highs;
    }
    std::uint64_t word = ones * 'x';
    for (std::size_t i = 0; i < size; ++i) word = word << 8 | static_cast<std::uint8_t>(at[i]);
    return Bits(word) == highs;
}

inline std::size_t count_slashes(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; text.size() >= 8; text.remove_prefix(8)) {
        const std::uint64_t word = load<std::uint64_t>(text.data()) ^ ones * '/';
        const std::uint64_t others = ((word & lows) + lows) | word | lows;
        count += static_cast<std::size_t>(((~others >> 7) * ones) >> 56);  // the sum of the bytes
    }
    for (const char each : text) count += each == '/';
    return count;
}

/// ASCII without U+0000.
inline bool is_plain(std::string_view text) noexcept { return holds<plain_bits>(text); }

/// ASCII without U+0000, '+' and '#'.
inline bool is_plain_topic(std::string_view text) noexcept { return holds<plain_topic_bits>(text); }

}  // namespace nightjar::mqtt::ascii
