#pragma once
// The memory into which all streams of one ring receive: equal buffers that the kernel picks from
// when data is there, so that a stream which waits holds none.
//
//      kernel takes one --> completion names it --> lent to on_data --> recycled to the kernel

#include "engines/uring/completion.hpp"

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/result.hpp>

namespace nightjar::io::uring {

/// Pages of its own, from mmap.
class pages {
public:
    explicit pages(std::size_t size) noexcept;
    ~pages();
    pages(const pages&) = delete;
    pages& operator=(const pages&) = delete;

    byte* data() const noexcept { return data_; }

private:
    std::size_t size_;
    byte* data_;  // null where there was no memory
};

class buffers {
public:
    static constexpr std::uint16_t group = 0;

    /// Promise: `count` is a power of two, 32768 at most.
    buffers(unsigned count, std::size_t size) noexcept;

    /// Gives all of them to the kernel. Must outlive what `to` does with them.
    error provide(io_uring& to) noexcept;

    /// What a completion brought; good until it is recycled.
    bytes lent(const completion& by) const noexcept;
    void recycle(unsigned which) noexcept;

private:
    byte* at(unsigned which) const noexcept { return room_.data() + which * stride_; }
    io_uring_buf_ring* queue() const noexcept;

    unsigned count_;
    std::size_t size_;
    std::size_t stride_;
    pages queue_;
    pages room_;
};

}  // namespace nightjar::io::uring
