#include "os/error.hpp"

#include <cerrno>

namespace nightjar::io::os {
namespace {

error::kind kind_of(int number) noexcept {
    switch (number) {
        case 0: return error::none;
        case ECONNRESET:
        case ECONNABORTED:
        case EPIPE:
        case ENOTCONN: return error::reset;
        case ECONNREFUSED: return error::refused;
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EHOSTDOWN:
        case ENETDOWN: return error::unreachable;
        case ETIMEDOUT: return error::timed_out;
        case ECANCELED: return error::cancelled;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
        case ENOSPC:
        case EAGAIN: return error::no_room;
        case EADDRINUSE:
        case EEXIST: return error::in_use;
        case EACCES:
        case EPERM: return error::denied;
        case ENOENT:
        case EADDRNOTAVAIL:
        case ENODEV: return error::not_found;
        case ENOSYS:
        case EOPNOTSUPP:
        case EAFNOSUPPORT:
        case EPROTONOSUPPORT: return error::unsupported;
        case EINVAL:
        case EBADF:
        case ENOTSOCK: return error::invalid;
        default: return error::system;  // not an enum: the list of errno has no end
    }
}

}  // namespace

error to_error(int number) noexcept { return {kind_of(number), number}; }

error last_error() noexcept { return to_error(errno); }

}  // namespace nightjar::io::os
