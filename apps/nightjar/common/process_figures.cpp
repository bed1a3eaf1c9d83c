#include "process_figures.hpp"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <string>

namespace nightjar::app {

result<duration> processor_time(int pid) noexcept {
    clockid_t clock{};
    if (const int why = ::clock_getcpuclockid(pid, &clock); why != 0) {
        return fail({error::not_found, why});
    }
    timespec used{};
    if (::clock_gettime(clock, &used) != 0) return fail(error::not_found);
    return std::chrono::seconds(used.tv_sec) + duration(used.tv_nsec);
}

result<std::uint64_t> resident_bytes(int pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        std::uint64_t kilobytes = 0;
        if (std::sscanf(line.c_str(), "VmRSS: %lu kB", &kilobytes) == 1) return kilobytes * 1024;
    }
    return fail(error::not_found);
}

}  // namespace nightjar::app
