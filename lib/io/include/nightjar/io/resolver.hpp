#pragma once
// Names to addresses without blocking the loop (c-ares): /etc/hosts, then DNS, as this machine's
// resolv.conf and nsswitch.conf say.

#include <nightjar/io/loop.hpp>

#include <functional>
#include <span>
#include <string>

namespace nightjar::io {

struct resolver_options {
    duration time_limit = 10s;  ///< For one name, all servers and repetitions included.
    std::string servers{};      ///< "192.0.2.1:53,[2001:db8::1]:53"; empty: as resolv.conf says.
};

/// One channel a loop.
class resolver {
public:
    /// Called from the loop, once. The addresses, sorted by preference [RFC 6724], are valid during
    /// the call; `result` else: `not_found`, `timed_out`, or `system` for a server's refusal.
    using callback = std::function<void(result<std::span<const endpoint>> found)>;

    /// Cancels when destroyed. May be destroyed inside its callback. Must not outlive the resolver.
    class query {
    public:
        virtual ~query() = default;
    };

    static result<std::unique_ptr<resolver>> make(loop& on, const resolver_options& how = {});
    virtual ~resolver() = default;

    /// Looks `name` up for both families; an address in text form is its own answer. All results
    /// have `port`. O(1) here.
    [[nodiscard]] virtual std::unique_ptr<query> resolve(std::string_view name, std::uint16_t port,
                                                         callback call) = 0;
};

}  // namespace nightjar::io
