#pragma once
// All that happened in a world, in order: a hash of every line, and the lines themselves for
// whoever wants to read them. Two runs of one seed have the same.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/time.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace nightjar::sim {

/// FNV-1a of 64 bits over `what`, continuing from `before`.
std::uint64_t hash_of(bytes_view what, std::uint64_t before = 0xcbf29ce484222325) noexcept;

class event_log {
public:
    /// A line of its own: the time, then `what`. Nothing that differs from run to run belongs in
    /// it: no address, no order of a hash map.
    void add(instant at, std::string_view what);
    template <class... Args>
    void add(instant at, fmt::format_string<Args...> how, Args&&... args) {
        line_.clear();
        fmt::format_to(std::back_inserter(line_), how, std::forward<Args>(args)...);
        add(at, std::string_view(line_.data(), line_.size()));
    }

    /// From now on each line also goes there; null: no more. The file outlives this or the next
    /// call.
    void copy_to(std::FILE* file) noexcept { file_ = file; }
    /// From now on the lines are kept as well; see text().
    void keep() noexcept { is_kept_ = true; }
    const std::string& text() const noexcept { return text_; }

    std::uint64_t hash() const noexcept { return hash_; }
    std::uint64_t lines() const noexcept { return lines_; }

private:
    std::uint64_t hash_ = hash_of({});
    std::uint64_t lines_ = 0;
    bool is_kept_ = false;
    std::FILE* file_ = nullptr;
    std::string text_;
    fmt::memory_buffer line_, whole_;
};

}  // namespace nightjar::sim
