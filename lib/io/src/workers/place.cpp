#include "workers/place.hpp"

#include "os/error.hpp"

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

namespace nightjar::io {
namespace {

constexpr int nodes_max = 1024;  // what the kernel can be built for

/// One "a" or "a-b" at the front of `text`, which loses it. False if there is none.
bool take_range(std::string_view& text, std::vector<int>& target) {
    int first = 0;
    const char* const end = text.data() + text.size();
    auto read = std::from_chars(text.data(), end, first);
    if (read.ec != std::errc{} || first < 0) return false;
    int last = first;
    if (read.ptr != end && *read.ptr == '-') {
        read = std::from_chars(read.ptr + 1, end, last);
        if (read.ec != std::errc{}) return false;
    }
    if (last < first || last >= CPU_SETSIZE) return false;
    for (int cpu = first; cpu <= last; ++cpu) target.push_back(cpu);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return true;
}

/// The calling thread takes memory of this node only, from now on.
result<> bind_memory(int node) noexcept {
    constexpr int word_bits = sizeof(unsigned long) * 8;
    std::array<unsigned long, nodes_max / word_bits> mask{};
    mask[static_cast<std::size_t>(node / word_bits)] = 1UL << (node % word_bits);
    // The kernel reads one bit less than it is told of.
    if (::syscall(SYS_set_mempolicy, MPOL_BIND, mask.data(), nodes_max + 1UL) != 0)
        return fail(os::last_error());
    return {};
}

}  // namespace

std::vector<int> parse_cpu_list(std::string_view text) {
    std::vector<int> out;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    while (!text.empty()) {
        if (!out.empty() && text.front() != ',') return {};
        if (!out.empty()) text.remove_prefix(1);
        if (!take_range(text, out)) return {};
    }
    return out;
}

result<std::vector<int>> cpus_of_node(int node) {
    if (node < 0 || node >= nodes_max) return fail(error::not_found);
    std::ifstream file("/sys/devices/system/node/node" + std::to_string(node) + "/cpulist");
    std::string line;
    if (!file || !std::getline(file, line)) return fail(error::not_found);
    const std::vector<int> permitted = permitted_cpus();
    std::vector<int> out;
    for (const int cpu : parse_cpu_list(line)) {
        if (std::ranges::find(permitted, cpu) != permitted.end()) out.push_back(cpu);
    }
    if (out.empty()) return fail(error::unsupported);
    return out;
}

result<std::vector<int>> cpus_of_worker(const workers_options& how, unsigned index) {
    if (!how.nodes.empty()) {
        auto cpus = cpus_of_node(how.nodes[index % how.nodes.size()]);
        if (!cpus || !how.pin) return cpus;
        const std::size_t turn = index / how.nodes.size();
        return std::vector{(*cpus)[turn % cpus->size()]};
    }
    if (!how.pin) return std::vector<int>{};
    const std::vector<int> cpus = how.cpus.empty() ? permitted_cpus() : how.cpus;
    if (cpus.empty()) return fail(error::unsupported);
    return std::vector{cpus[index % cpus.size()]};
}

result<> place_this_thread(const workers_options& how, unsigned index) {
    const auto cpus = cpus_of_worker(how, index);
    if (!cpus) return fail(cpus.error());
    if (cpus->empty()) return {};
    if (auto pinned = pin_this_thread(*cpus); !pinned) return pinned;
    return how.nodes.empty() ? result<>{} : bind_memory(how.nodes[index % how.nodes.size()]);
}

}  // namespace nightjar::io
