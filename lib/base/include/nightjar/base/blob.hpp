#pragma once
// A run of bytes that many hold and nobody changes: one allocation, a count in front of the data.
// On one thread the count costs a plain load and store; only what was `share()`d with another pays
// for atomics.
//
//      | references, crossed | size | source |  data ...  |      one allocation from the source
//        ^ blob_ref

#include <atomic>
#include <cstdint>
#include <limits>
#include <new>
#include <nightjar/base/bytes.hpp>
#include <nightjar/base/expects.hpp>
#include <nightjar/base/memory.hpp>
#include <utility>

namespace nightjar {

class blob_ref;

/// What stands in front of the bytes. Nobody holds one but through a `blob_ref`.
///
/// Invariants: 1. the count is the number of references, on all threads. 2. While `crossed` is not
/// set, one thread holds all of them, so its loads and stores cannot be torn apart. 3. `crossed`,
/// once set, stays.
class blob {
private:
    friend class blob_ref;
    friend blob_ref make_blob(std::size_t size, const memory_source& source) noexcept;

    static constexpr std::uint32_t crossed = 1U << 31;

    blob(std::uint32_t size, const memory_source& source) noexcept
        : size_(size), source_(&source) {}

    bool is_crossed() const noexcept { return count_.load(std::memory_order_relaxed) & crossed; }

    void add() noexcept {
        const std::uint32_t count = count_.load(std::memory_order_relaxed);
        if (count & crossed)
            count_.fetch_add(1, std::memory_order_relaxed);
        else
            count_.store(count + 1, std::memory_order_relaxed);
    }

    /// True when that was the last one.
    bool drop() noexcept {
        const std::uint32_t count = count_.load(std::memory_order_relaxed);
        if (count & crossed) return count_.fetch_sub(1, std::memory_order_acq_rel) == (crossed | 1);
        count_.store(count - 1, std::memory_order_relaxed);
        return count == 1;
    }

    void cross() noexcept {
        // Another holder may be here as well once it has crossed, so that store must not happen
        // twice.
        const std::uint32_t count = count_.load(std::memory_order_relaxed);
        if (!(count & crossed)) count_.store(count | crossed, std::memory_order_relaxed);
    }

    bool is_unique() const noexcept {
        return (count_.load(std::memory_order_acquire) & ~crossed) == 1;
    }

    byte* data() noexcept { return reinterpret_cast<byte*>(this + 1); }

    void destroy() noexcept {
        const memory_source& source = *source_;
        const std::size_t size = sizeof(blob) + size_;
        this->~blob();
        if (source.give) source.give(source.context, this, size, alignof(blob));
    }

    std::atomic<std::uint32_t> count_{1};
    std::uint32_t size_;
    const memory_source* source_;
};

/// Owns one reference to a blob, or none. Copying adds a reference, moving takes it over. A single
/// `blob_ref` belongs to one thread at a time, like any value. At most 2^31 - 1 references to a
/// blob.
class blob_ref {
public:
    blob_ref() noexcept = default;
    blob_ref(const blob_ref& other) noexcept : blob_(other.blob_) {
        if (blob_) blob_->add();
    }
    blob_ref(blob_ref&& other) noexcept : blob_(std::exchange(other.blob_, nullptr)) {}
    blob_ref& operator=(blob_ref other) noexcept {
        std::swap(blob_, other.blob_);
        return *this;
    }
    ~blob_ref() { reset(); }

    explicit operator bool() const noexcept { return blob_ != nullptr; }
    friend bool operator==(const blob_ref&,
                           const blob_ref&) noexcept = default;  ///< The same blob.

    /// The bytes; empty for none. Valid while any reference lives.
    bytes_view view() const noexcept {
        return blob_ ? bytes_view{blob_->data(), blob_->size_} : bytes_view{};
    }
    std::size_t size() const noexcept { return blob_ ? blob_->size_ : 0; }

    /// The same bytes to write into. Promise: this is the only reference.
    bytes fill() noexcept {
        if (!blob_) return {};
        expects(blob_->is_unique(), "a blob is written while nobody else holds it");
        return {blob_->data(), blob_->size_};
    }

    bool is_unique() const noexcept { return blob_ && blob_->is_unique(); }
    bool is_shared() const noexcept { return blob_ && blob_->is_crossed(); }

    /// To call before any reference to this blob goes to another thread, by the thread that has
    /// held all of them; from then on each count is atomic. Once is enough, more does no harm. The
    /// way over (a ring, a mutex) must order this before what the other thread does.
    void share() const noexcept {
        if (blob_) blob_->cross();
    }

    /// Lets go; the last one gives the memory back to where it came from, on this thread.
    void reset() noexcept {
        if (blob* held = std::exchange(blob_, nullptr); held && held->drop()) held->destroy();
    }

private:
    friend blob_ref make_blob(std::size_t size, const memory_source& source) noexcept;
    explicit blob_ref(blob* taken) noexcept : blob_(taken) {}

    blob* blob_ = nullptr;
};

/// A blob of `size` bytes, not set to anything yet, or none when the source has no room (or `size`
/// reaches 4 GiB). `source` must outlive the blob. Costs one `take` of a few words more than
/// `size`.
[[nodiscard]] inline blob_ref make_blob(std::size_t size, const memory_source& source) noexcept {
    if (size > std::numeric_limits<std::uint32_t>::max() - sizeof(blob)) return {};
    void* room = source.take(source.context, sizeof(blob) + size, alignof(blob));
    if (!room) return {};
    return blob_ref(::new (room) blob(static_cast<std::uint32_t>(size), source));
}

/// A blob with a copy of `source`'s bytes.
[[nodiscard]] inline blob_ref make_blob(bytes_view contents, const memory_source& source) noexcept {
    blob_ref made = make_blob(contents.size(), source);
    if (made) copy(contents, made.fill());
    return made;
}

}  // namespace nightjar
