#pragma once
// What a run is doing right now, on the error output: one line that is rewritten where somebody
// looks at a terminal, a line per second where it goes into a file, nothing if it is to be quiet.

#include <nightjar/base/time.hpp>

#include <string_view>

namespace nightjar::app {

class progress {
public:
    explicit progress(bool is_quiet) noexcept;
    ~progress() { clear(); }
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    /// Whether enough time has passed since the last line. Cheap; ask before making a line.
    bool is_due(instant now) const noexcept { return now >= next_; }
    /// Shows the line, cut to the terminal's width.
    void say(instant now, std::string_view line);
    /// Leaves the terminal's line to what is printed next.
    void clear() noexcept;

private:
    bool is_terminal_ = false;
    bool is_shown_ = false;
    instant next_ = instant::min();  // never: quiet
};

}  // namespace nightjar::app
