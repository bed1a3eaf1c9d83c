#pragma once
// A gather write to a pipe that raises no SIGPIPE. Sockets have a flag for that, pipes have not.

#include <sys/types.h>

#include <nightjar/base/bytes.hpp>

#include <span>

namespace nightjar::io {

/// As writev(2), of the first 64 pieces; again after EINTR.
ssize_t write_quietly(int descriptor, std::span<const bytes_view> pieces) noexcept;

}  // namespace nightjar::io
