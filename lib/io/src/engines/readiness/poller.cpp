#include "engines/readiness/poller.hpp"

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <new>

namespace nightjar::io::readiness {
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

poller::poller(const engine_options& how, bool tells_faults)
    : tells_faults_(tells_faults),
      buffer_(how.read_buffer_bytes),
      streams_(static_cast<std::uint32_t>(std::min(how.streams_max, streams_ceiling)), heap) {}

poller::~poller() { expects(retired_.empty(), "the poller's own class has discarded"); }

void poller::discard() noexcept {
    while (source* gone = retired_.pop_front()) gone->discard();
}

void poller::settle() noexcept {
    while (source* gone = retired_.pop_front()) gone->settle();
}

stream* poller::make_stream(int fd) noexcept { return streams_.emplace(*this, fd); }

void poller::free_stream(stream& gone) noexcept { streams_.erase(gone); }

}  // namespace nightjar::io::readiness
