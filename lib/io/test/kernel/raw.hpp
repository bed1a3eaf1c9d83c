#pragma once
// Blocking sockets of a test's own, and the process's limits.

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nightjar/io/endpoint.hpp>
#include <nightjar/io/handle.hpp>

#include <algorithm>

namespace nightjar::io::test {

/// A plain TCP connection to a listener on the loopback; its connect(2) ends when the kernel has
/// queued it. Empty on failure.
inline handle plain_connection(std::uint16_t port) {
    handle made = kernel_handle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = static_cast<int>(made.value());
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
    return made;
}

/// RLIMIT_NOFILE for a while.
class descriptor_limit {
public:
    descriptor_limit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
    ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    descriptor_limit(const descriptor_limit&) = delete;
    descriptor_limit& operator=(const descriptor_limit&) = delete;

    rlim_t most() const { return before_.rlim_max; }
    bool set(rlim_t soft) {
        rlimit now = before_;
        now.rlim_cur = std::min(soft, before_.rlim_max);
        return ::setrlimit(RLIMIT_NOFILE, &now) == 0;
    }

private:
    rlimit before_{};
};

}  // namespace nightjar::io::test
