#pragma once
// What the parts of the engine share: the ring, the buffers, the streams and who waits for what.
//
//   a turn:  settle (streams tell the kernel what they want now)  →  one system call  → completions
//   to their owners

#include "engines/uring/buffers.hpp"
#include "engines/uring/operation.hpp"
#include "engines/uring/ring.hpp"
#include "engines/uring/stream.hpp"

#include <nightjar/io/engine.hpp>

#include <vector>

namespace nightjar::io::uring {

class core {
public:
    explicit core(const engine_options& how);

    /// `unsupported` or what the kernel said.
    error open() noexcept;
    /// One turn, for at most `most`; negative: no limit.
    void turn(duration most) noexcept;

    uring::ring& ring() noexcept { return ring_; }

    /// Takes over the descriptor, or leaves it alone and returns null when there are too many
    /// streams.
    stream* make_stream(int descriptor) noexcept;
    id<stream> name_of(const stream& who) const noexcept { return streams_.id_of(who); }
    bool is_alive(id<stream> who) noexcept { return streams_.get(who) != nullptr; }
    void free_stream(stream& who) noexcept { streams_.erase(who); }
    /// `who.settle()` is called before the ring is entered next. Once per request: the caller does
    /// not repeat it.
    void settle_later(const stream& who) { unsettled_.push_back(name_of(who)); }
    /// Ends that stream's receive and delivers what it had brought, before it returns.
    void finish_receive(id<stream> whose) noexcept;

    /// Completions of the kinds from `accept` on that carry this name go to `who` until it is
    /// dropped. Empty when the table is full.
    id<entry> enter(operation& who) noexcept;
    void drop(id<entry> who) noexcept { operations_.erase(who); }
    /// Ends that operation and delivers its completion, before it returns.
    void finish_operation(tag which) noexcept;
    bool is_entered(id<entry> who) noexcept { return operations_.get(who) != nullptr; }

    /// Something was delivered while settling: the turn must not wait.
    void delivered() noexcept { has_delivered_ = true; }

private:
    void settle() noexcept;
    void dispatch(const completion& what) noexcept;
    void on_receive(const completion& what) noexcept;
    void on_operation(const completion& what) noexcept;

    uring::buffers buffers_;  // before the ring: outlives it
    uring::ring ring_;
    slab<stream> streams_;
    slab<entry> operations_;
    std::vector<id<stream>> unsettled_;
    bool has_delivered_ = false;
};

}  // namespace nightjar::io::uring
