#include "placement.hpp"

#include <sched.h>

namespace nightjar::app::lab {
namespace {

void hold_to(const std::vector<int>& processors) {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    for (const int one : processors) CPU_SET(static_cast<std::size_t>(one), &mask);
    ::sched_setaffinity(0, sizeof mask, &mask);
}

}  // namespace

placement place(const std::vector<int>& permitted, const candidate& who) {
    if (who.on_all || who.workers >= permitted.size()) return {permitted, permitted, true};
    const auto end = permitted.begin() + static_cast<std::ptrdiff_t>(who.workers);
    return {{permitted.begin(), end}, {permitted.back()}, false};
}

std::vector<int> permitted_processors() {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    std::vector<int> found;
    if (::sched_getaffinity(0, sizeof mask, &mask) != 0) return found;
    for (int one = 0; one < CPU_SETSIZE; ++one) {
        if (CPU_ISSET(static_cast<std::size_t>(one), &mask)) found.push_back(one);
    }
    return found;
}

pinned::pinned(const std::vector<int>& processors) : before_(permitted_processors()) {
    hold_to(processors);
}

pinned::~pinned() { hold_to(before_); }

}  // namespace nightjar::app::lab
