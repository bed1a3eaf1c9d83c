#include <fmt/format.h>
#include <algorithm>

#include "field.hpp"

namespace nightjar::broker::config {

namespace {

complaint may_include(const draft& into, std::string_view directory) {
    if (into.including.size() >= include_depth_max) {
        return fmt::format("more than {} directories within each other", include_depth_max);
    }
    if (std::find(into.including.begin(), into.including.end(), directory) !=
        into.including.end()) {
        return fmt::format("{} includes itself", directory);
    }
    if (!into.read_directory || !*into.read_directory)
        return "there are no directories to read from here";
    return {};
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Mosquitto's order: by letters, and the upper case of a letter before its lower case.
bool comes_before(const source& a, const source& b) {
    const auto [x, y] =
        std::mismatch(a.name.begin(), a.name.end(), b.name.begin(), b.name.end(),
                      [](char left, char right) { return lower(left) == lower(right); });
    if (x != a.name.end() && y != b.name.end())
        return static_cast<unsigned char>(lower(*x)) < static_cast<unsigned char>(lower(*y));
    if (a.name.size() != b.name.size()) return a.name.size() < b.name.size();
    return a.name < b.name;
}

}  // namespace

complaint read_include(draft& into, const option& self, std::string_view directory) {
    if (directory.empty()) return wrong(self, directory);
    if (auto why = may_include(into, directory)) return why;
    auto files = (*into.read_directory)(directory);
    if (!files) return fmt::format("cannot read {}: {}", directory, describe(files.error().what));
    std::sort(files->begin(), files->end(), comes_before);
    into.including.emplace_back(directory);
    for (const source& one : *files) {
        if (++into.files_included > include_files_max) break;
        read_source(into, one);
    }
    into.including.pop_back();
    if (into.files_included > include_files_max)
        return fmt::format("more than {} files in all", include_files_max);
    return {};
}

}  // namespace nightjar::broker::config
