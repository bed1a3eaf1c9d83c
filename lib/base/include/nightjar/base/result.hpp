#pragma once
// What may fail, as a value: an `error` is a kind of our own and, where the operating system spoke,
// its number.

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

namespace nightjar {

struct error {
    enum kind : std::uint8_t {
        none,           ///< Nothing went wrong; `on_closed` uses it for a close that was asked for.
        end_of_stream,  ///< The peer ended its side in order.
        reset,          ///< The peer or the network tore the connection down.
        refused,        ///< Nobody listens there.
        unreachable,    ///< No way to that host or network.
        timed_out,
        cancelled,    ///< We gave it up ourselves.
        no_room,      ///< A limit is reached: window, queue, pool, table, descriptors.
        in_use,       ///< The address or the name is taken.
        denied,       ///< The operating system forbids it.
        not_found,    ///< No such name, file or entry.
        unsupported,  ///< Not here: the kernel, the engine or the build lacks it.
        invalid,      ///< An argument that makes no sense.
        protocol,     ///< The peer broke the protocol.
        system,       ///< Anything else the operating system said; see `os`.
    };

    kind what = none;
    int os = 0;  ///< errno (positive), 0 where the operating system had no part in it.

    constexpr error() noexcept = default;
    constexpr error(kind what_, int os_ = 0) noexcept : what(what_), os(os_) {}

    friend constexpr bool operator==(const error& a, const error& b) noexcept {
        return a.what == b.what;
    }
    friend constexpr bool operator==(const error& a, kind b) noexcept { return a.what == b; }
};

/// "connection reset", "no room", …: a few lower-case words for a sentence. Static storage.
std::string_view describe(error::kind what) noexcept;

template <class T = void>
using result = tl::expected<T, error>;

/// `return fail(error::no_room);`
inline tl::unexpected<error> fail(error why) noexcept { return tl::unexpected<error>(why); }

}  // namespace nightjar
