#pragma once
// What the kernel says of an operation, and the 64 bits by which it is found again: which kind it
// was, and the slot and the generation of the object that asked for it. A late completion of a
// reused slot fits nobody.
//
//      | kind 8 | index 24 | generation 32 |

#include <liburing.h>

#include <nightjar/base/expects.hpp>
#include <nightjar/base/slab.hpp>

#include <cstdint>

namespace nightjar::io::uring {

enum class kind : std::uint8_t {
    nothing,  ///< Nobody waits for it.
    receive,  ///< A stream's, as are the next.
    send,
    fault,
    miss,    ///< A cancellation of one of these did not find its operation; hits are not told.
    accept,  ///< An operation's, as are the next: see operation.hpp.
    accept_miss,
    rest,
    nudge,
    connect,
    poll,
    file,
};

/// Slots that a tag can tell apart.
inline constexpr std::uint32_t index_max = 1U << 24;

class tag {
public:
    constexpr tag() noexcept = default;
    explicit constexpr tag(std::uint64_t number) noexcept : number_(number) {}
    template <class T>
    constexpr tag(uring::kind what, id<T> whose) noexcept
        : number_(std::uint64_t{static_cast<std::uint8_t>(what)} << 56 |
                  std::uint64_t{whose.index} << 32 | whose.generation) {}

    constexpr std::uint64_t number() const noexcept { return number_; }
    constexpr uring::kind kind() const noexcept { return static_cast<uring::kind>(number_ >> 56); }
    template <class T>
    constexpr id<T> whose() const noexcept {
        return {static_cast<std::uint32_t>(number_ >> 32) & (index_max - 1),
                static_cast<std::uint32_t>(number_)};
    }
    friend constexpr bool operator==(tag, tag) noexcept = default;

private:
    std::uint64_t number_ = 0;
};

struct completion {
    tag of;
    std::int32_t result = 0;  ///< What the system call would have returned, or a negative errno.
    std::uint32_t flags = 0;

    bool is_last() const noexcept { return (flags & IORING_CQE_F_MORE) == 0; }
    bool has_buffer() const noexcept { return (flags & IORING_CQE_F_BUFFER) != 0; }
    unsigned buffer() const noexcept { return flags >> IORING_CQE_BUFFER_SHIFT; }
};

}  // namespace nightjar::io::uring
