#pragma once
// How a session subscribed, and what that makes of it in a message's route.

#include <nightjar/mqtt/packet.hpp>

#include <absl/container/inlined_vector.h>

#include <cstdint>

namespace nightjar::broker {

class session;

/// How one session subscribed to one filter.
struct subscriber {
    session* who = nullptr;
    std::uint32_t identifier = 0;  ///< Subscription Identifier; 0: none. [MQTT-5 3.8.2.1.2]
    mqtt::qos maximum{};
    bool no_local = false;
    bool retain_as_published = false;
};

/// One session in a route: its matching subscriptions merged into one copy of the message.
/// [MQTT-5 3.3.4] Or its turn in a shared subscription, which is a copy of its own.
struct target {
    explicit target(const subscriber& one) noexcept
        : who(one.who),
          maximum(one.maximum),
          no_local(one.no_local),
          retain_as_published(one.retain_as_published) {}
    session* who = nullptr;
    std::uint64_t share = 0;  ///< The shared subscription's id; 0: none.
    mqtt::qos maximum{};
    bool no_local = false;             ///< All of them are.
    bool retain_as_published = false;  ///< One of them is.
    absl::InlinedVector<std::uint32_t, 2> identifiers;
};

}  // namespace nightjar::broker
