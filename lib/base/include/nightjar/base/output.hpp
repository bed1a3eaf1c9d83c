#pragma once
// Where a sans-I/O machine puts the bytes that it wants to send: a window into its owner's current
// chunk. It neither sends nor frees; it never moves what was committed.
//
//      owner's chunk:   | committed ...... | room ............ |
//                                          ^ at_               ^ end_

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/expects.hpp>

namespace nightjar {

/// The owner derives from it and says how to grow. One indirect call per chunk, never per packet.
class output {
public:
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    /// A contiguous room of at least `size` bytes at the end of what is to be sent, or empty when
    /// the owner has no more room: `error::no_room` is then the caller's answer. Valid until the
    /// next call on this output. A size of 0 may return empty as well, which means nothing.
    bytes reserve(std::size_t size) noexcept {
        if (size <= room()) [[likely]]
            return {at_, size};
        return reserve_more(size);
    }

    /// The first `size` bytes of the last `reserve()` are filled.
    void commit(std::size_t size) noexcept {
        expects(size <= room(), "commit() is within what was reserved");
        at_ += size;
    }

    /// Appends all of `source`, or nothing and returns false when the owner has no more room.
    [[nodiscard]] bool put(bytes_view source) noexcept {
        if (source.empty()) return true;
        const bytes target = reserve(source.size());
        if (target.empty()) [[unlikely]]
            return false;
        copy(source, target);
        commit(source.size());
        return true;
    }

protected:
    /// Makes room for `size` contiguous bytes by calling `window()`, or returns false and changes
    /// nothing. What lies before `at()` in the old window is committed and must still be sent.
    using grow_fn = bool (*)(output& self, std::size_t size) noexcept;

    explicit output(grow_fn grow) noexcept : grow_(grow) {}
    ~output() = default;

    /// From now on bytes go to [at, end).
    void window(byte* at, byte* end) noexcept {
        at_ = at;
        end_ = end;
    }

    /// The end of what is committed in the current window.
    byte* at() const noexcept { return at_; }
    std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - at_); }

private:
    bytes reserve_more(std::size_t size) noexcept {
        if (!grow_(*this, size)) return {};
        expects(size <= room(), "an output that grew has the room it promised");
        return {at_, size};
    }

    byte* at_ = nullptr;
    byte* end_ = nullptr;
    grow_fn grow_;
};

/// An output over one region of the caller's, which must outlive it. Full is full.
class fixed_output final : public output {
public:
    explicit fixed_output(bytes region) noexcept : output(refuse), region_(region) { clear(); }

    /// What was committed since construction or `clear()`; valid until the next commit after a
    /// `clear()`.
    bytes_view written() const noexcept { return {region_.data(), at()}; }
    void clear() noexcept { window(region_.data(), region_.data() + region_.size()); }

private:
    static bool refuse(output&, std::size_t) noexcept { return false; }

    bytes region_;
};

}  // namespace nightjar
