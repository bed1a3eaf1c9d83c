#include "engines/epoll/poller.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

namespace nightjar::io::epoll {
namespace {

constexpr memory_source heap{
    .take = [](void*, std::size_t size, std::size_t alignment) noexcept -> void* {
        return ::operator new (size, std::align_val_t{alignment}, std::nothrow);
    },
    .give =
        [](void*, void* room, std::size_t, std::size_t alignment) noexcept {
            ::operator delete (room, std::align_val_t{alignment});
        },
};

constexpr std::size_t streams_ceiling = (1U << 31) - 1;  // a slab's

}  // namespace

poller::poller(handle descriptor, const engine_options& how)
    : descriptor_(std::move(descriptor)),
      buffer_(how.read_buffer_bytes),
      streams_(static_cast<std::uint32_t>(std::min(how.streams_max, streams_ceiling)), heap) {}

poller::~poller() {
    while (source* gone = retired_.pop_front()) gone->discard();
}

bool poller::change(int fd, source& who, interest from, interest to) noexcept {
    if (from == to) return true;
    epoll_event what{};
    what.events = to_events(to);
    what.data.ptr = &who;
    if (to == interest::absent) return ::epoll_ctl(descriptor(), EPOLL_CTL_DEL, fd, nullptr) == 0;
    const int verb = from == interest::absent ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    return ::epoll_ctl(descriptor(), verb, fd, &what) == 0;
}

void poller::settle() noexcept {
    while (source* gone = retired_.pop_front()) gone->settle();
}

stream* poller::make_stream(int fd) noexcept { return streams_.emplace(*this, fd); }

void poller::free_stream(stream& gone) noexcept { streams_.erase(gone); }

}  // namespace nightjar::io::epoll
