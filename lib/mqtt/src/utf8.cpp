#include <nightjar/mqtt/topic.hpp>

#include "ascii.hpp"

namespace nightjar::mqtt {
namespace {

constexpr bool is_tail(unsigned char c) noexcept { return (c & 0xC0) == 0x80; }

/// Bytes of the well-formed character beyond ASCII at the front of `text`; 0 if there is none. The
/// second byte's range is what shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
/// [Unicode table 3-7]
std::size_t wide_character(std::string_view text) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < size) return 0;
    const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < lowest || at(1) > highest) return 0;
    for (std::size_t i = 2; i < size; ++i)
        if (!is_tail(at(i))) return 0;
    return size;
}

/// Characters at the front of `text` that are ASCII and not U+0000, eight at a time while there are
/// eight.
std::size_t plain_run(std::string_view text) noexcept {
    std::size_t run = 0;
    while (run + 8 <= text.size() && ascii::is_plain({text.data() + run, 8})) run += 8;
    while (run < text.size() && text[run] > 0 && static_cast<unsigned char>(text[run]) < 0x80)
        ++run;
    return run;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    if (ascii::is_plain(text)) [[likely]]
        return true;
    while (!text.empty()) {
        text.remove_prefix(plain_run(text));
        if (text.empty()) break;
        const std::size_t size = wide_character(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

}  // namespace nightjar::mqtt
