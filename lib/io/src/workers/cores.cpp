#include "workers/cores.hpp"

#include "os/error.hpp"

#include <sched.h>

#include <nightjar/io/workers.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace nightjar::io {
namespace {

/// This process's group in the unified hierarchy: the line "0::/path". [cgroups(7)]
std::string own_group() {
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("0::")) return line.substr(3);
    }
    return "/";
}

unsigned quota_at(const std::string& group) {
    std::ifstream file("/sys/fs/cgroup" + group + "/cpu.max");
    std::string line;
    std::getline(file, line);
    return cores_of_quota(line);
}

/// The tightest of the group's own and all groups above it. 0: none.
unsigned quota() {
    unsigned least = 0;
    std::string group = own_group();
    for (;;) {
        while (!group.empty() && group.back() == '/') group.pop_back();
        const unsigned here = quota_at(group);
        if (here != 0) least = least == 0 ? here : std::min(least, here);
        if (group.empty()) return least;
        group.resize(group.rfind('/'));
    }
}

}  // namespace

std::vector<int> permitted_cpus() {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    std::vector<int> out;
    if (::sched_getaffinity(0, sizeof mask, &mask) != 0) return out;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &mask)) out.push_back(cpu);
    }
    return out;
}

unsigned cores_of_quota(std::string_view cpu_max) noexcept {
    std::uint64_t share = 0, period = 0;
    const char* const end = cpu_max.data() + cpu_max.size();
    const auto first = std::from_chars(cpu_max.data(), end, share);
    if (first.ec != std::errc{} || first.ptr == end) return 0;
    const auto second = std::from_chars(first.ptr + 1, end, period);
    if (second.ec != std::errc{} || period == 0) return 0;
    return static_cast<unsigned>((share + period - 1) / period);
}

result<> pin_this_thread(int cpu) noexcept {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    CPU_SET(static_cast<std::size_t>(cpu), &mask);
    if (::sched_setaffinity(0, sizeof mask, &mask) != 0) return fail(os::last_error());
    return {};
}

unsigned usable_cores() noexcept {
    const auto cpus = static_cast<unsigned>(std::max<std::size_t>(permitted_cpus().size(), 1));
    const unsigned limit = quota();
    return limit == 0 ? cpus : std::clamp(limit, 1U, cpus);
}

}  // namespace nightjar::io
