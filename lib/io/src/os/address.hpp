#pragma once
// Endpoints as the kernel spells them, and back.

#include <sys/socket.h>

#include <nightjar/io/endpoint.hpp>

namespace nightjar::io::os {

/// A sockaddr of whatever family, with its length.
struct address {
    sockaddr_storage room{};
    socklen_t size = sizeof(sockaddr_storage);

    sockaddr* raw() noexcept { return reinterpret_cast<sockaddr*>(&room); }
    const sockaddr* raw() const noexcept { return reinterpret_cast<const sockaddr*>(&room); }
};

/// Promise: `where` is of a family, not `none`.
address to_address(const endpoint& where) noexcept;

/// `none` for families that we do not speak. An unnamed Unix socket is `local` with an empty path.
endpoint to_endpoint(const address& from) noexcept;

/// AF_INET, AF_INET6, AF_UNIX; AF_UNSPEC for none.
int domain_of(const endpoint& where) noexcept;

endpoint local_of(int socket) noexcept;
endpoint peer_of(int socket) noexcept;

}  // namespace nightjar::io::os
