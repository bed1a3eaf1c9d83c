#include "process_tree.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "../common/process_figures.hpp"

namespace nightjar::app::lab {
namespace {

/// The name of a program may contain anything, a bracket too: what counts begins behind the last
/// one. [proc(5) stat]
int parent_of(int pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    const std::size_t end = line.rfind(')');
    int parent = 0;
    if (end == std::string::npos || std::sscanf(line.c_str() + end, ") %*c %d", &parent) != 1)
        return 0;
    return parent;
}

std::multimap<int, int> children_by_parent() {
    std::multimap<int, int> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir("/proc"), ::closedir);
    if (!all) return found;
    while (const dirent* one = ::readdir(all.get())) {
        const int pid = std::atoi(one->d_name);
        if (pid > 0) found.emplace(parent_of(pid), pid);
    }
    return found;
}

std::uint64_t proportional_bytes(int pid) {
    std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
    for (std::string line; std::getline(file, line);) {
        unsigned long kilobytes = 0;
        if (std::sscanf(line.c_str(), "Pss: %lu kB", &kilobytes) == 1) return kilobytes * 1024;
    }
    return resident_bytes(pid).value_or(0);
}

}  // namespace

std::vector<int> tree_of(int root) {
    const std::multimap<int, int> children = children_by_parent();
    std::vector<int> found{root};
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto [begin, end] = children.equal_range(found[i]);
        for (auto at = begin; at != end; ++at) found.push_back(at->second);
    }
    return found;
}

processor_times times_of(const std::vector<int>& processes) {
    processor_times made;
    for (const int pid : processes) {
        if (const auto used = processor_time(pid)) made.emplace(pid, *used);
    }
    return made;
}

duration used_between(const processor_times& before, const processor_times& after) noexcept {
    duration sum{};
    for (const auto& [pid, used] : after) {
        const auto known = before.find(pid);
        sum += known == before.end() ? used : used - known->second;
    }
    return sum;
}

std::uint64_t memory_of(const std::vector<int>& processes) {
    std::uint64_t sum = 0;
    for (const int pid : processes) sum += proportional_bytes(pid);
    return sum;
}

}  // namespace nightjar::app::lab
