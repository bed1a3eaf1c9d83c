#include "engines/uring/buffers.hpp"

#include "os/error.hpp"

#include <sys/mman.h>

#include <bit>

namespace nightjar::io::uring {
namespace {

// Buffers whose distance is a power of two would all begin in the same few sets of the processor's
// caches.
constexpr std::size_t stagger = 64;

}  // namespace

pages::pages(std::size_t size) noexcept : size_(size) {
    void* const at =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    data_ = at == MAP_FAILED ? nullptr : static_cast<byte*>(at);
}

pages::~pages() {
    if (data_ != nullptr) ::munmap(data_, size_);
}

buffers::buffers(unsigned count, std::size_t size) noexcept
    : count_(count),
      size_(size),
      stride_(size + stagger),
      queue_(count * sizeof(io_uring_buf)),
      room_(count * stride_) {
    expects(std::has_single_bit(count) && count <= 32768, "as many buffers as the kernel takes");
}

error buffers::provide(io_uring& to) noexcept {
    if (queue_.data() == nullptr || room_.data() == nullptr) return error::no_room;
    io_uring_buf_reg what{};
    what.ring_addr = reinterpret_cast<std::uintptr_t>(queue_.data());
    what.ring_entries = count_;
    what.bgid = group;
    const int code = ::io_uring_register_buf_ring(&to, &what, 0);
    if (code < 0) return os::to_error(-code);
    for (unsigned which = 0; which < count_; ++which) {
        // The kernel takes them in turn, so each is used soon, if only for a few bytes: what that
        // costs is the ring's from the beginning and nobody's who connects later.
        *at(which) = byte{};
        recycle(which);
    }
    return error::none;
}

bytes buffers::lent(const completion& by) const noexcept {
    if (!by.has_buffer() || by.result <= 0) return {};
    return {at(by.buffer()), static_cast<std::size_t>(by.result)};
}

void buffers::recycle(unsigned which) noexcept {
    ::io_uring_buf_ring_add(queue(), at(which), static_cast<unsigned>(size_),
                            static_cast<unsigned short>(which), ::io_uring_buf_ring_mask(count_),
                            0);
    ::io_uring_buf_ring_advance(queue(), 1);
}

io_uring_buf_ring* buffers::queue() const noexcept {
    return reinterpret_cast<io_uring_buf_ring*>(queue_.data());
}

}  // namespace nightjar::io::uring
