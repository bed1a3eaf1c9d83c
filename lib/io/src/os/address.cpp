#include "os/address.hpp"

#include <netinet/in.h>
#include <sys/un.h>

#include <nightjar/base/expects.hpp>

#include <cstddef>

namespace nightjar::io::os {
namespace {

address from_v4(const endpoint& where) noexcept {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(where.port());
    std::memcpy(&in.sin_addr, where.address().data(), 4);
    address out;
    std::memcpy(&out.room, &in, sizeof in);
    out.size = sizeof in;
    return out;
}

address from_v6(const endpoint& where) noexcept {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(where.port());
    in.sin6_scope_id = where.scope();
    std::memcpy(&in.sin6_addr, where.address().data(), 16);
    address out;
    std::memcpy(&out.room, &in, sizeof in);
    out.size = sizeof in;
    return out;
}

// An abstract name is its length and starts with a zero byte; a path ends with one. [unix(7)]
address from_local(const endpoint& where) noexcept {
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    const bytes_view path = where.address();
    const bool is_abstract = !path.empty() && path.front() == '@';
    copy(path, {reinterpret_cast<byte*>(un.sun_path), sizeof un.sun_path});
    if (is_abstract) un.sun_path[0] = '\0';
    address out;
    std::memcpy(&out.room, &un, sizeof un);
    const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size() + (is_abstract ? 0 : 1);
    out.size = static_cast<socklen_t>(size);
    return out;
}

endpoint to_local(const address& from) noexcept {
    sockaddr_un un{};
    std::memcpy(&un, &from.room, sizeof un);
    std::size_t size = from.size > offsetof(sockaddr_un, sun_path)
                           ? from.size - offsetof(sockaddr_un, sun_path)
                           : 0;
    if (size > 0 && un.sun_path[0] == '\0') {
        un.sun_path[0] = '@';
    } else {
        size = strnlen(un.sun_path, size);
    }
    return endpoint::local({un.sun_path, size}).value_or(endpoint{});
}

using name_of = int (*)(int, sockaddr*, socklen_t*);

endpoint ask(int socket, name_of which) noexcept {
    address out;
    if (which(socket, out.raw(), &out.size) != 0) return {};
    return to_endpoint(out);
}

}  // namespace

address to_address(const endpoint& where) noexcept {
    switch (where.kind()) {
        case endpoint::family::v4: return from_v4(where);
        case endpoint::family::v6: return from_v6(where);
        case endpoint::family::local: return from_local(where);
        case endpoint::family::none: break;
    }
    broken_promise("an address of some family", code_place::here());
}

endpoint to_endpoint(const address& from) noexcept {
    if (from.room.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &from.room, sizeof in);
        std::array<byte, 4> raw{};
        std::memcpy(raw.data(), &in.sin_addr, raw.size());
        return endpoint::v4(raw, ntohs(in.sin_port));
    }
    if (from.room.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &from.room, sizeof in);
        std::array<byte, 16> raw{};
        std::memcpy(raw.data(), &in.sin6_addr, raw.size());
        return endpoint::v6(raw, ntohs(in.sin6_port), in.sin6_scope_id);
    }
    return from.room.ss_family == AF_UNIX ? to_local(from) : endpoint{};
}

int domain_of(const endpoint& where) noexcept {
    switch (where.kind()) {
        case endpoint::family::v4: return AF_INET;
        case endpoint::family::v6: return AF_INET6;
        case endpoint::family::local: return AF_UNIX;
        case endpoint::family::none: break;
    }
    return AF_UNSPEC;
}

endpoint local_of(int socket) noexcept { return ask(socket, ::getsockname); }
endpoint peer_of(int socket) noexcept { return ask(socket, ::getpeername); }

}  // namespace nightjar::io::os
