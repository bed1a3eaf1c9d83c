#pragma once
// Connects to a host by name, by whichever of its addresses answers first (Happy Eyeballs version
// 2, RFC 8305).
//
//   addresses sorted, families interleaved:   v6a --250 ms--> v4a --250 ms--> v6b ...
//   a failure starts the next at once; the first that is connected wins, the others are cancelled

#include <nightjar/io/resolver.hpp>

#include <span>
#include <vector>

namespace nightjar::io {

struct dial_options {
    std::string host{};  ///< A name, or an address in text form.
    std::uint16_t port = 0;
    endpoint from{};  ///< none: the kernel chooses; else only addresses of its family are tried.
    bool no_delay = true;
    duration attempt_delay = 250ms;  ///< [RFC 8305 5]
    duration time_limit = 30s;       ///< For all of it; `timed_out` afterwards.
};

/// Exactly one of the connector's members is called, from the loop; a failure is the last
/// address's, or the resolver's. Destroying the attempt cancels it. `names` and `on` outlive it.
[[nodiscard]] std::unique_ptr<attempt> dial(loop& on, resolver& names, const dial_options& how,
                                            connector& who);

/// As above among addresses that are known already; `host` and `port` count for nothing.
[[nodiscard]] std::unique_ptr<attempt> dial(loop& on, std::span<const endpoint> addresses,
                                            const dial_options& how, connector& who);

/// Alternates the families, beginning with that of the first; each keeps its order. [RFC 8305 4]
std::vector<endpoint> interleave(std::span<const endpoint> sorted);

}  // namespace nightjar::io
