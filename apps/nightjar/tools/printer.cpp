#include "printer.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace nightjar::app {
namespace {

constexpr unsigned lines_without_terminal = 1000;

unsigned lines_of_terminal() noexcept {
    winsize size{};
    const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row != 0;
    return is_known ? size.ws_row : lines_without_terminal;
}

}  // namespace

printer::printer(const settings& how)
    : how_(how), format_(output_format::compile(how.format).value_or(output_format{})) {
    if (how.is_watched) lines_max_ = lines_of_terminal();
}

bool printer::print(const mqtt::publish& what) {
    line_.clear();
    const bool is_watched = how_.is_watched;
    if (is_watched) go_to_line_of(what.topic);
    const std::size_t before = line_.size();
    const bool is_whole = write(what);
    if (is_watched) {
        // One line, and nothing that was there before behind it.
        line_.resize(std::min(line_.size(), line_.find('\n', before)));
        line_ += "\033[K";
    }
    std::fwrite(line_.data(), 1, line_.size(), stdout);
    return is_whole;
}

bool printer::write(const mqtt::publish& what) {
    bool is_whole = true;
    if (how_.has_format) {
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        is_whole = format_.print(what, now, how_.is_pretty, line_);
    } else if (how_.is_verbose) {
        line_.append(what.topic).append(" ");
        line_ += what.payload.empty() ? "(null)" : as_text(what.payload);
    } else if (what.payload.empty()) {
        return true;  // nothing is no line
    } else {
        line_ += as_text(what.payload);
    }
    if (how_.ends_lines) line_ += '\n';
    return is_whole;
}

void printer::go_to_line_of(std::string_view topic) {
    if (lines_.empty()) line_ += "\033[2J";
    const auto next = static_cast<unsigned>(lines_.size()) + 1;
    unsigned line = lines_max_;
    if (const auto known = lines_.find(std::string(topic)); known != lines_.end())
        line = known->second;
    else if (next <= lines_max_)
        lines_.emplace(topic, line = next);
    line_ += fmt::format("\033[{};1H", line);
}

}  // namespace nightjar::app
