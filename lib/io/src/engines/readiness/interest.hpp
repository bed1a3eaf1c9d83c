#pragma once
// What shall be reported of a descriptor, in the bits of poll(2), which are those of epoll(7).

#include <sys/epoll.h>

#include <cstdint>

namespace nightjar::io::readiness {

/// `absent`: not registered at all. `nothing`: registered, but errors and hang-ups are reported
/// even so, which is why a hung-up descriptor of which nobody wants anything must become absent.
/// `exclusive` reads, and wakes one of all who share the descriptor; it can be added and removed,
/// not changed. [epoll_ctl(2) EPOLLEXCLUSIVE]
enum class interest : std::uint8_t {
    nothing = 0,
    read = 1,
    write = 2,
    both = 3,
    absent = 4,
    exclusive = 5
};

constexpr interest to_interest(bool reads, bool writes) noexcept {
    return static_cast<interest>((reads ? 1 : 0) | (writes ? 2 : 0));
}

constexpr std::uint32_t to_events(interest what) noexcept {
    const auto bits = static_cast<std::uint8_t>(what);
    return ((bits & 1U) != 0 ? std::uint32_t{EPOLLIN} : 0U) |
           ((bits & 2U) != 0 ? std::uint32_t{EPOLLOUT} : 0U) |
           (what == interest::exclusive ? std::uint32_t{EPOLLEXCLUSIVE} : 0U);
}

}  // namespace nightjar::io::readiness
