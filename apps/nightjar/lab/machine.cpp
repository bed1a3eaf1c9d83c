#include "machine.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>

#include "placement.hpp"

namespace nightjar::app::lab {

machine this_machine() {
    machine made{.version = NIGHTJAR_VERSION,
                 .processors = static_cast<unsigned>(permitted_processors().size())};
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const std::size_t value = line.find(": ");
        if (value != std::string::npos && line.starts_with("model name"))
            made.processor = line.substr(value + 2);
        if (line.starts_with("flags"))
            made.is_virtual = line.find(" hypervisor") != std::string::npos;
    }
    utsname system{};
    if (::uname(&system) == 0) {
        made.kernel = fmt::format("{} {}", system.sysname, system.release);
        if (made.processor.empty()) made.processor = system.machine;
    }
    ::getloadavg(&made.load_before, 1);
    return made;
}

std::string sentence_of(const machine& where) {
    return fmt::format("{} × {}{}, {}, nightjar {}; load average before: {:.1f}", where.processors,
                       where.processor, where.is_virtual ? " (virtual machine)" : "", where.kernel,
                       where.version, where.load_before);
}

}  // namespace nightjar::app::lab
