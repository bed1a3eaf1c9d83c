#pragma once
// The memory into which one system call reads a batch of datagrams.
//
//      recvmmsg --> headers_[i] --> room_[i * size_max], addresses_[i], controls_[i]

#include "os/address.hpp"

#include <sys/socket.h>

#include <nightjar/io/datagram.hpp>

#include <array>
#include <vector>

namespace nightjar::io {

class datagram::inbox {
public:
    /// As many as 256 KiB hold, 64 at most.
    explicit inbox(std::size_t size_max);

    std::size_t size() const noexcept { return headers_.size(); }
    /// recvmmsg(2) without waiting: how many came, or -1 with errno.
    int read(int socket) noexcept;

    endpoint from(std::size_t which) const noexcept;
    bytes what(std::size_t which) noexcept;
    /// The size of the datagrams that the kernel joined to this one; 0: it is one.
    std::size_t joined_of(std::size_t which) const noexcept;

private:
    struct control {
        alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> room;
    };

    std::size_t size_max_;
    std::vector<byte> room_;
    std::vector<mmsghdr> headers_;
    std::vector<iovec> pieces_;
    std::vector<os::address> addresses_;
    std::vector<control> controls_;
};

}  // namespace nightjar::io
