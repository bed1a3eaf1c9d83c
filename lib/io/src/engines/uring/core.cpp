#include "engines/uring/core.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

namespace nightjar::io::uring {
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

constexpr std::size_t pool_bytes = 4 * 1024 * 1024;
constexpr std::size_t buffer_bytes_max = 16 * 1024;
constexpr std::size_t buffer_bytes_min = 256;
constexpr std::uint32_t operations_max = 65536;

std::size_t buffer_bytes(const engine_options& how) noexcept {
    return std::clamp(how.read_buffer_bytes, buffer_bytes_min, buffer_bytes_max);
}

unsigned buffer_count(const engine_options& how) noexcept {
    return static_cast<unsigned>(std::bit_floor(pool_bytes / buffer_bytes(how)));
}

}  // namespace

core::core(const engine_options& how)
    : buffers_(buffer_count(how), buffer_bytes(how)),
      streams_(static_cast<std::uint32_t>(std::min<std::size_t>(how.streams_max, index_max)), heap),
      operations_(operations_max, heap) {}

error core::open() noexcept {
    const error why = ring_.open();
    return why == error::none ? buffers_.provide(ring_.raw()) : why;
}

void core::turn(duration most) noexcept {
    has_delivered_ = false;
    settle();
    ring_.enter(has_delivered_ || ring_.ready() > 0 ? duration::zero() : most);
    // What completes while these are delivered waits for the next turn, or writers could keep this
    // one going for ever.
    completion what;
    for (std::size_t left = ring_.ready(); left > 0 && ring_.next(what); --left) dispatch(what);
}

stream* core::make_stream(int descriptor) noexcept { return streams_.emplace(*this, descriptor); }

void core::finish_receive(id<stream> whose) noexcept {
    bool is_over = false;
    bool is_cancelled = false;
    const tag miss(kind::miss, whose);
    const auto take = [&](const completion& one) {
        if (one.of == miss) is_cancelled = false;
        if (one.of != tag(kind::receive, whose)) return one.of == miss;
        is_over = is_over || one.is_last();
        on_receive(one);
        return true;
    };
    ring_.sift(take);
    while (!is_over) {
        if (!std::exchange(is_cancelled, true)) ring_.cancel({kind::receive, whose}, miss);
        ring_.enter(duration(-1));
        ring_.sift(take);
    }
}

void core::finish_operation(tag which) noexcept {
    bool is_over = false;
    const auto take = [&](const completion& one) {
        if (one.of != which) return false;
        is_over = true;
        on_operation(one);
        return true;
    };
    ring_.sift(take);
    if (!is_over) ring_.cancel(which);
    while (!is_over) {
        ring_.enter(duration(-1));
        ring_.sift(take);
    }
}

id<entry> core::enter(operation& who) noexcept {
    entry* const made = operations_.emplace(entry{&who});
    return made == nullptr ? id<entry>{} : operations_.id_of(*made);
}

void core::settle() noexcept {
    for (std::size_t i = 0; i < unsettled_.size(); ++i) {
        if (stream* const who = streams_.get(unsettled_[i])) who->settle();
    }
    unsettled_.clear();
}

void core::dispatch(const completion& what) noexcept {
    switch (what.of.kind()) {
        case kind::nothing: return;
        case kind::receive: return on_receive(what);
        case kind::send:
            if (stream* const who = streams_.get(what.of.whose<stream>())) who->on_sent(what);
            return;
        case kind::fault:
            if (stream* const who = streams_.get(what.of.whose<stream>())) who->on_fault(what);
            return;
        case kind::miss:
            if (stream* const who = streams_.get(what.of.whose<stream>())) who->on_miss();
            return;
        case kind::accept:
        case kind::accept_miss:
        case kind::rest:
        case kind::nudge:
        case kind::connect:
        case kind::poll:
        case kind::file: return on_operation(what);
    }
}

void core::on_receive(const completion& what) noexcept {
    if (stream* const who = streams_.get(what.of.whose<stream>())) {
        who->on_received(what, buffers_.lent(what));
    }
    if (what.has_buffer()) buffers_.recycle(what.buffer());
}

void core::on_operation(const completion& what) noexcept {
    if (entry* const found = operations_.get(what.of.whose<entry>())) {
        found->who->on_completion(what);
    } else if (what.of.kind() == kind::accept && what.result >= 0) {
        ::close(what.result);  // its listener is gone
    }
}

}  // namespace nightjar::io::uring
