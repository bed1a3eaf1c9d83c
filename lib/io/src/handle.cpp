#include <unistd.h>

#include <nightjar/io/handle.hpp>

namespace nightjar::io {

handle kernel_handle(int descriptor) noexcept {
    return {descriptor, [](std::intptr_t value) noexcept { ::close(static_cast<int>(value)); }};
}

}  // namespace nightjar::io
