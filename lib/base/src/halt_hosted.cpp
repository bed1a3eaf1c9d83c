#include <cstdio>
#include <cstdlib>

#include "halt.hpp"

namespace nightjar {

void halt(const char* promise, code_place where) noexcept {
    std::fprintf(stderr, "%s:%u: broken promise: %s\n", where.file, where.line, promise);
    std::fflush(stderr);
    std::abort();
}

}  // namespace nightjar
