#include "pipes/quiet_write.hpp"

#include <pthread.h>
#include <sys/uio.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace nightjar::io {
namespace {

constexpr std::size_t pieces_max = 64;

/// Blocks SIGPIPE in this thread for a while. The signal of a write that failed is sent to the
/// thread that wrote, and is taken back here.
class no_sigpipe {
public:
    no_sigpipe() noexcept {
        sigemptyset(&only_);
        sigaddset(&only_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &only_, &before_);
    }
    ~no_sigpipe() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    no_sigpipe(const no_sigpipe&) = delete;
    no_sigpipe& operator=(const no_sigpipe&) = delete;

    void take_back() const noexcept {
        if (sigismember(&before_, SIGPIPE) == 1) return;  // whoever blocks it knows why
        const timespec now{};
        while (::sigtimedwait(&only_, nullptr, &now) < 0 && errno == EINTR) {
        }
    }

private:
    sigset_t only_{};
    sigset_t before_{};
};

}  // namespace

ssize_t write_quietly(int descriptor, std::span<const bytes_view> pieces) noexcept {
    std::array<iovec, pieces_max> gather;  // NOLINT: only the front is used, and it is filled
    const std::size_t count = std::min(pieces.size(), pieces_max);
    for (std::size_t i = 0; i < count; ++i)
        gather[i] = {const_cast<byte*>(pieces[i].data()), pieces[i].size()};
    const no_sigpipe quiet;
    ssize_t taken = 0;
    do {
        taken = ::writev(descriptor, gather.data(), static_cast<int>(count));
    } while (taken < 0 && errno == EINTR);
    if (taken < 0 && errno == EPIPE) {
        quiet.take_back();
        errno = EPIPE;
    }
    return taken;
}

}  // namespace nightjar::io
