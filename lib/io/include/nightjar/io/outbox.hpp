#pragma once
// What a connection still has to send: a bounded chain of chunks for small things, which are
// copied, and of references to shared payloads, which are not. Empty, it owns no memory at all. It
// never calls the stream; its owner does.
//
//      head                                                tail
//     [chunk ······] → [reference to a blob] → [chunk ···|room]
//      ↑ sent() frees from here                           ↑ put() appends here

#include <nightjar/base/blob.hpp>
#include <nightjar/base/output.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace nightjar::io {

/// The chunks of a loop's outboxes: four sizes with a free list each. Belongs to one thread;
/// outlives its outboxes.
class chunk_pool {
public:
    struct chunk {
        chunk* next = nullptr;
        byte* from = nullptr;      ///< First byte not yet sent.
        byte* to = nullptr;        ///< End of what is committed.
        byte* room_end = nullptr;  ///< End of the memory; for a reference: `to`.
        blob_ref shared;           ///< Null for a chunk of its own bytes.
        std::uint8_t size_class = 0;
    };
    static constexpr std::array<std::uint32_t, 4> sizes = {1024, 8192, 32768, 131072};
    static constexpr std::uint8_t whole =
        sizes.size();  ///< The class of larger chunks and of references: not kept.

    /// Keeps up to `kept_max` bytes of free chunks for the next burst, gives the rest back to the
    /// heap.
    explicit chunk_pool(std::size_t kept_max = 4 * 1024 * 1024) noexcept : kept_max_(kept_max) {}
    ~chunk_pool();
    chunk_pool(const chunk_pool&) = delete;
    chunk_pool& operator=(const chunk_pool&) = delete;

    /// Room for at least `size` bytes; the class above it that suits an outbox which already holds
    /// `queued`.
    chunk* take(std::size_t size, std::size_t queued) noexcept;
    chunk* refer(blob_ref what, bytes_view part) noexcept;
    void give(chunk* done) noexcept;
    /// Bytes in use and kept, for the metrics.
    std::size_t bytes_used() const noexcept { return used_; }
    std::size_t bytes_kept() const noexcept { return kept_; }

private:
    std::array<chunk*, sizes.size()> free_{};
    std::size_t kept_max_;
    std::size_t kept_ = 0;
    std::size_t used_ = 0;
};

class outbox final : public output {
public:
    /// `max`: bytes that may wait at most, in steps of 64 KiB; beyond, put() and reserve() answer
    /// "no room".
    outbox(chunk_pool& pool, std::uint32_t max) noexcept
        : output(grow),
          pool_(&pool),
          max_steps_(static_cast<std::uint16_t>(std::min<std::uint32_t>(max / step, 65535))) {}
    ~outbox() { clear(); }

    /// Appends `part`, which lies in `what`, without copying. false: no room.
    [[nodiscard]] bool put_shared(const blob_ref& what, bytes_view part) noexcept;

    /// The pieces from the front, in order; returns how many were filled in. They stay valid until
    /// sent() has dropped them.
    std::size_t gather(std::span<bytes_view> pieces) const noexcept;
    /// The first `n` bytes are gone. Promise: not more than bytes().
    void sent(std::size_t n) noexcept;

    bool empty() const noexcept { return bytes() == 0; }
    std::size_t bytes() const noexcept { return settled_ + unsettled(); }
    std::uint32_t max() const noexcept { return max_steps_ * step; }
    /// Drops everything. Promise: no write is in flight.
    void clear() noexcept;

private:
    static constexpr std::uint32_t step = 64 * 1024;
    static bool grow(output& self, std::size_t size) noexcept;
    std::size_t unsettled() const noexcept {
        return tail_ ? static_cast<std::size_t>(at() - tail_->to) : 0;
    }
    void settle() noexcept;
    void append(chunk_pool::chunk* fresh) noexcept;

    chunk_pool* pool_;
    chunk_pool::chunk* head_ = nullptr;
    chunk_pool::chunk* tail_ = nullptr;
    std::uint32_t settled_ = 0;  // bytes in the chain up to each chunk's `to`
    std::uint16_t max_steps_;
    std::uint16_t last_batch_ =
        0;  // kibibytes of the last batch: the next one's first chunk should hold as much
};

}  // namespace nightjar::io
