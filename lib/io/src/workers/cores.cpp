#include "workers/cores.hpp"

#include "os/error.hpp"

#include <sched.h>

#include <nightjar/io/workers.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace nightjar::io {
namespace {

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

unsigned quota_at(const cpu_group& where, const std::string& group) {
    const std::string folder = where.root + group;
    if (!where.is_v1) return cores_of_quota(first_line(folder + "/cpu.max"));
    return cores_of_quota(first_line(folder + "/cpu.cfs_quota_us") + ' ' +
                          first_line(folder + "/cpu.cfs_period_us"));
}

/// The tightest of the group's own and all groups above it. 0: none.
unsigned quota_of(const cpu_group& where) {
    unsigned least = 0;
    std::string group = where.group;
    for (;;) {
        while (!group.empty() && group.back() == '/') group.pop_back();
        const unsigned here = quota_at(where, group);
        if (here != 0) least = least == 0 ? here : std::min(least, here);
        if (group.empty()) return least;
        group.resize(group.rfind('/'));
    }
}

unsigned quota() {
    unsigned least = 0;
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const cpu_group where = parse_cpu_group(line);
        const unsigned here = where.root.empty() ? 0 : quota_of(where);
        if (here != 0) least = least == 0 ? here : std::min(least, here);
    }
    return least;
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

cpu_group parse_cpu_group(std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos || line.substr(second + 1, 1) != "/") return {};
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string group(line.substr(second + 1));
    if (controllers.empty()) return {"/sys/fs/cgroup", group, false};
    const std::string among = ',' + std::string(controllers) + ',';
    if (among.find(",cpu,") == among.npos) return {};
    return {"/sys/fs/cgroup/" + std::string(controllers), group, true};
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

result<> pin_this_thread(std::span<const int> cpus) noexcept {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    for (const int cpu : cpus) {
        if (cpu < 0 || cpu >= CPU_SETSIZE) return fail(error::invalid);
        CPU_SET(static_cast<std::size_t>(cpu), &mask);
    }
    if (::sched_setaffinity(0, sizeof mask, &mask) != 0) return fail(os::last_error());
    return {};
}

unsigned usable_cores() noexcept {
    const auto cpus = static_cast<unsigned>(std::max<std::size_t>(permitted_cpus().size(), 1));
    const unsigned limit = quota();
    return limit == 0 ? cpus : std::clamp(limit, 1U, cpus);
}

}  // namespace nightjar::io
