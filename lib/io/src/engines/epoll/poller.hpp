#pragma once
// What all sources of one engine share: the epoll descriptor, the read buffer, the streams' slab,
// the list of the retired.

#include "engines/epoll/stream.hpp"

#include <nightjar/base/slab.hpp>

#include <nightjar/io/engine.hpp>

#include <vector>

namespace nightjar::io::epoll {

class poller {
public:
    poller(handle descriptor, const engine_options& how);
    ~poller();

    int descriptor() const noexcept { return static_cast<int>(descriptor_.value()); }

    /// Changes what the kernel reports of `fd` to `who`. False if the kernel refused; errno says
    /// why.
    bool change(int fd, source& who, interest from, interest to) noexcept;

    void retire(source& who) noexcept { retired_.push_back(who); }
    bool has_retired() const noexcept { return !retired_.empty(); }
    /// Settles all that retired, those that retire meanwhile included.
    void settle() noexcept;

    /// One for all streams: its bytes are lent during one on_data.
    bytes read_buffer() noexcept { return buffer_; }

    /// A stream that owns `fd`, or null at the limit (then nothing was taken).
    stream* make_stream(int fd) noexcept;
    void free_stream(stream& gone) noexcept;

private:
    handle descriptor_;
    std::vector<byte> buffer_;
    slab<stream> streams_;
    intrusive_list<source, source> retired_;
};

}  // namespace nightjar::io::epoll
