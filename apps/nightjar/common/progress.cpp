#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace nightjar::app {
namespace {

constexpr duration on_terminal = 200ms;
constexpr duration in_file = 1s;

std::size_t columns() noexcept {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// At most so many characters of UTF-8, none of them cut.
std::string_view front(std::string_view line, std::size_t most) noexcept {
    for (std::size_t i = 0, seen = 0; i < line.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(line[i]) & 0xc0) != 0x80;
        if (begins && seen++ == most) return line.substr(0, i);
    }
    return line;
}

}  // namespace

progress::progress(bool is_quiet) noexcept : is_terminal_(::isatty(STDERR_FILENO) == 1) {
    if (is_quiet) next_ = never;
}

void progress::say(instant now, std::string_view line) {
    if (next_ == never) return;
    next_ = now + (is_terminal_ ? on_terminal : in_file);
    if (!is_terminal_) return fmt::print(stderr, "{}\n", line);
    fmt::print(stderr, "\r{}\x1b[K", front(line, columns() - 1));
    std::fflush(stderr);
    is_shown_ = true;
}

void progress::clear() noexcept {
    if (is_shown_) std::fputs("\r\x1b[K", stderr);
    is_shown_ = false;
}

}  // namespace nightjar::app
