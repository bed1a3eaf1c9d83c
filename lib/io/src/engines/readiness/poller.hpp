#pragma once
// What all sources of one engine share: who reports readiness, the read buffer, the streams' slab,
// the list of the retired.

#include "engines/readiness/stream.hpp"

#include <nightjar/base/slab.hpp>

#include <nightjar/io/engine.hpp>

#include <vector>

namespace nightjar::io::readiness {

/// Level-triggered reports of descriptors. epoll itself, or a library's loop.
class poller {
public:
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    /// Changes what is reported of `fd` to `who`, at once: nothing that was dropped is reported any
    /// more. False if that was refused; errno says why (EPERM: such a thing cannot be watched).
    virtual bool change(int fd, source& who, interest from, interest to) noexcept = 0;

    /// Whether EPOLLHUP and EPOLLERR come as such, or as readiness for whatever is wanted.
    bool tells_faults() const noexcept { return tells_faults_; }

    void retire(source& who) noexcept { retired_.push_back(who); }
    bool has_retired() const noexcept { return !retired_.empty(); }
    /// Settles all that retired, those that retire meanwhile included.
    void settle() noexcept;

    /// One for all streams: its bytes are lent during one on_data.
    bytes read_buffer() noexcept { return buffer_; }

    /// A stream that owns `fd`, or null at the limit (then nothing was taken).
    stream* make_stream(int fd) noexcept;
    void free_stream(stream& gone) noexcept;

protected:
    poller(const engine_options& how, bool tells_faults);
    /// Promise: discard() was called, by the class that can still change().
    ~poller();
    /// Frees what retired, and says nothing.
    void discard() noexcept;

private:
    bool tells_faults_;
    std::vector<byte> buffer_;
    slab<stream> streams_;
    intrusive_list<source, source> retired_;
};

}  // namespace nightjar::io::readiness
