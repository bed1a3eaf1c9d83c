#include "event_log.hpp"

#include <algorithm>

namespace nightjar::broker {
namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// U+0080 to U+009F: 0xC2 and a byte of that value.
bool is_c1(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]) == 0xC2 && at + 1 != text.size() &&
           static_cast<unsigned char>(text[at + 1]) < 0xA0;
}

bool is_plain(std::string_view line) noexcept {
    for (std::size_t i = 0; i != line.size(); ++i)
        if (is_control(line[i]) || is_c1(line, i)) return false;
    return true;
}

}  // namespace

std::string printable(std::string line) {
    if (is_plain(line)) return line;
    std::string clean;
    for (std::size_t i = 0; i != line.size(); ++i) {
        if (is_c1(line, i)) ++i;  // the second byte says it all
        const auto value = static_cast<unsigned char>(line[i]);
        if (is_control(line[i]) || (i != 0 && is_c1(line, i - 1)))
            clean += fmt::format("\\x{:02x}", value);
        else
            clean += line[i];
    }
    return clean;
}

}  // namespace nightjar::broker
