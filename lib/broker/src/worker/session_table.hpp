#pragma once
// The sessions whose home this worker is: found or made at CONNECT, taken over, left, ended.
// Publishes wills when they are due.

#include <nightjar/base/prng.hpp>
#include <nightjar/base/slab.hpp>

#include <absl/container/flat_hash_set.h>

#include <string_view>

#include "../session/session.hpp"
#include "subscription_desk.hpp"
#include "switchboard.hpp"

namespace nightjar::broker {

/// The worker that a client is at home on.
unsigned home_of(std::string_view client_id, unsigned workers) noexcept;

class session_table final : public session_keeper {
public:
    session_table(context& at, switchboard& messages, subscription_desk& desk,
                  std::uint64_t seed) noexcept;

    struct taken {
        session* who = nullptr;
        bool was_present = false;
    };
    /// The session for a client that said CONNECT, attached to its connection. Another connection
    /// of that client's is ended with session_taken_over. [MQTT-5 3.1.4]
    taken take(std::string_view client_id, bool clean_start, connection& by,
               const session::terms& agreed);
    /// The will of a CONNECT replaces the one before.
    void set_will(session& of, const mqtt::connect& what);
    /// DISCONNECT: with code 0 the will is dropped, and 5.0 may change the expiry. [MQTT-5 3.14]
    void on_disconnect(session& of, const mqtt::disconnect& what);
    /// The connection of a session is gone. Promise: it was attached.
    void on_gone(session& of);

    /// What the client has already: a connection, a session.
    presence presence_of(std::string_view client_id) const;
    /// The broker ends, and all sessions with it: wills do not wait any longer. [MQTT-5 3.1.2.5]
    void publish_all_wills();

    /// A client identifier that nobody has, at home here. [MQTT-5 3.1.3.1]
    std::string assigned_id(std::string_view prefix);
    /// What of an asked expiry the configuration allows, in seconds.
    std::uint32_t bounded_expiry(std::uint32_t asked_s) const noexcept;
    std::size_t size() const noexcept { return sessions_.size(); }

private:
    struct by_id {
        using is_transparent = void;
        static std::string_view key(const session* s) noexcept { return s->client_id(); }
        static std::string_view key(std::string_view s) noexcept { return s; }
        std::size_t operator()(const auto& x) const noexcept { return absl::HashOf(key(x)); }
        bool operator()(const auto& a, const auto& b) const noexcept { return key(a) == key(b); }
    };

    void take_over(session& of, bool clean_start);
    void publish_will(session& of);
    void end(session& over);
    void pass_on_shared(session& of, bool has_ended);
    void wait(session& of);
    void on_absence_over(session& who) noexcept override;

    context& at_;
    switchboard& messages_;
    subscription_desk& desk_;
    prng random_;
    std::uint64_t made_ = 0;
    slab<session> sessions_;
    absl::flat_hash_set<session*, by_id, by_id> by_id_;
};

}  // namespace nightjar::broker
