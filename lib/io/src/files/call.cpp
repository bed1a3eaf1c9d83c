#include "files/call.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace nightjar::io {
namespace {

constexpr std::size_t step_max = std::size_t{1} << 30;

long ask(file_call& call) noexcept {
    using verb = file_call::verb;
    const char* const path = call.path.c_str();
    const int fd = call.descriptor;
    const auto at = static_cast<off_t>(call.offset);
    switch (call.what) {
        case verb::open: return ::open(path, call.flags, static_cast<mode_t>(call.mode));
        case verb::close: return ::close(fd);
        case verb::read: return ::pread(fd, call.room.data(), step_of(call), at);
        case verb::write: return ::pwrite(fd, call.room.data(), step_of(call), at);
        case verb::sync: return ::fsync(fd);
        case verb::sync_data: return ::fdatasync(fd);
        case verb::truncate: return ::ftruncate(fd, at);
        case verb::stat: return ::statx(fd, path, call.flags, STATX_BASIC_STATS, call.info.get());
        case verb::rename: return ::rename(path, call.target.c_str());
        case verb::remove: return ::unlink(path);
        case verb::remove_directory: return ::rmdir(path);
        case verb::make_directory: return ::mkdir(path, static_cast<mode_t>(call.mode));
    }
    return -1;
}

}  // namespace

std::size_t step_of(const file_call& call) noexcept { return std::min(call.room.size(), step_max); }

int do_now(file_call& call) noexcept {
    for (;;) {
        const long code = ask(call);
        if (code >= 0) return static_cast<int>(code);
        // After EINTR the descriptor is closed on Linux; another close() might hit somebody else's.
        if (errno == EINTR && call.what == file_call::verb::close) return 0;
        if (errno != EINTR) return -errno;
    }
}

}  // namespace nightjar::io
