#include "os/socket.hpp"

#include "os/address.hpp"
#include "os/error.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::io::os {
namespace {

bool set(int socket, int level, int option, int value) noexcept {
    return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

bool is_ip(const endpoint& at) noexcept {
    return at.kind() == endpoint::family::v4 || at.kind() == endpoint::family::v6;
}

result<handle> open(const endpoint& at, int type) noexcept {
    if (at.kind() == endpoint::family::none) return fail(error::invalid);
    const int fd = ::socket(domain_of(at), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return fail(last_error());
    return kernel_handle(fd);
}

bool bind_to(int socket, const endpoint& at) noexcept {
    const address where = to_address(at);
    return ::bind(socket, where.raw(), where.size) == 0;
}

bool is_in_file_system(const endpoint& at) noexcept {
    return at.kind() == endpoint::family::local && !at.address().empty() &&
           at.address().front() != '@';
}

/// A socket file outlives its process. It is stale, and is removed, when nobody answers there.
void remove_stale(const endpoint& at) noexcept {
    const std::string path(as_text(at.address()));
    struct stat what {};
    if (::stat(path.c_str(), &what) != 0 || !S_ISSOCK(what.st_mode)) return;
    auto probe = open(at, SOCK_STREAM);
    if (!probe) return;
    const address where = to_address(at);
    if (::connect(static_cast<int>(probe->value()), where.raw(), where.size) != 0 &&
        errno == ECONNREFUSED) {
        ::unlink(path.c_str());
    }
}

bool bind_local(int socket, const listen_options& how) noexcept {
    if (!is_in_file_system(how.at)) return bind_to(socket, how.at);
    remove_stale(how.at);
    if (!bind_to(socket, how.at)) return false;
    const std::string path(as_text(how.at.address()));
    return how.unix_mode == 0 || ::chmod(path.c_str(), static_cast<mode_t>(how.unix_mode)) == 0;
}

bool prepare_ip(int fd, const listen_options& how) noexcept {
    if (!set(fd, SOL_SOCKET, SO_REUSEADDR, 1)) return false;
    if (how.reuse_port && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return false;
    if (how.no_delay && !set(fd, IPPROTO_TCP, TCP_NODELAY, 1)) return false;
    if (how.at.kind() == endpoint::family::v6 &&
        !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, how.v6_only ? 1 : 0)) {
        return false;
    }
    return how.device.empty() || ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, how.device.data(),
                                              static_cast<socklen_t>(how.device.size())) == 0;
}

}  // namespace

result<handle> open_listener(const listen_options& how) {
    if (how.existing >= 0) {
        const int copy = ::fcntl(how.existing, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return fail(last_error());
        return kernel_handle(copy);
    }
    if (how.reuse_port && how.claim && how.at.port() != 0) {
        listen_options alone = how;
        alone.reuse_port = false;
        if (auto probe = open_listener(alone); !probe) return probe;
    }
    auto made = open(how.at, SOCK_STREAM);
    if (!made) return made;
    const int fd = static_cast<int>(made->value());
    if (is_ip(how.at) && !prepare_ip(fd, how)) return fail(last_error());
    if (!bind_local(fd, how)) return fail(last_error());
    if (::listen(fd, how.backlog) != 0) return fail(last_error());
    return made;
}

result<handle> open_connector(const connect_options& how) {
    auto made = open(how.to, SOCK_STREAM);
    if (!made) return made;
    const int fd = static_cast<int>(made->value());
    if (is_ip(how.to) && how.no_delay && !set(fd, IPPROTO_TCP, TCP_NODELAY, 1)) {
        return fail(last_error());
    }
    if (how.from.kind() == endpoint::family::none) return made;
    if (how.from.kind() != how.to.kind()) return fail(error::invalid);
    if (is_ip(how.from)) {
        // With the port left to connect(2) a source address is good for 28,000 connections to each
        // target, not in all.
        if (how.from.port() == 0) set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        if (how.from.port() != 0) set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    }
    if (!bind_to(fd, how.from)) return fail(last_error());
    return made;
}

result<handle> open_datagram(const datagram_options& how) {
    auto made = open(how.at, SOCK_DGRAM);
    if (!made) return made;
    const int fd = static_cast<int>(made->value());
    if (how.reuse_address && !set(fd, SOL_SOCKET, SO_REUSEADDR, 1)) return fail(last_error());
    if (how.reuse_port && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return fail(last_error());
    if (!bind_to(fd, how.at)) return fail(last_error());
    return made;
}

bool set_nonblocking(int socket) noexcept {
    const int flags = ::fcntl(socket, F_GETFL);
    return flags >= 0 &&
           ((flags & O_NONBLOCK) != 0 || ::fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0);
}

int take_error(int socket) noexcept {
    int number = 0;
    socklen_t size = sizeof number;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) != 0) return errno;
    return number;
}

unsigned state_of(int descriptor) noexcept {
    pollfd one{.fd = descriptor, .events = 0, .revents = 0};
    return ::poll(&one, 1, 0) == 1 ? static_cast<unsigned>(one.revents) : 0;
}

void acknowledge_now(int socket) noexcept {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void reset_on_close(int socket) noexcept {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace nightjar::io::os
