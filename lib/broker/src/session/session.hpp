#pragma once
// What the broker remembers of a client, with or without a connection: subscriptions, messages in
// flight, messages that wait, the will. Lives on the client's home worker. It decides whether a
// message is sent, queued or dropped; writing is the connection's.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../context.hpp"
#include "flight.hpp"
#include "losses.hpp"

namespace nightjar::broker {

class connection;
class session;

inline constexpr std::uint32_t expiry_never =
    0xFFFFFFFF;  ///< As 5.0 writes it. [MQTT-5 3.1.2.11.2]

/// Hears when a session without a connection has waited long enough.
class session_keeper {
public:
    virtual void on_absence_over(session& who) noexcept = 0;

protected:
    ~session_keeper() = default;
};

struct absence : timer {
    absence(session& who_, session_keeper& keeper_) noexcept
        : timer([](timer& self, instant) noexcept {
              auto& over = static_cast<absence&>(self);
              over.keeper.on_absence_over(over.who);
          }),
          who(who_),
          keeper(keeper_) {}
    session& who;
    session_keeper& keeper;
    instant since{};  ///< When the connection ended.
};

/// A will message, ready to be published. [MQTT-5 3.1.2.5]
struct will_state {
    message what;
    duration delay{};
};

/// A message that a member of a shared subscription did not get.
struct shared_leftover {
    message what;
    std::uint64_t share = 0;
};

class session {
public:
    session(context& at, std::string client_id, session_serial serial);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // --- connection ------------------------------------------------------------------------------
    /// What a CONNECT agreed on.
    struct terms {
        mqtt::version version{};
        listener_config::slow_policy when_slow{};
        std::uint16_t send_quota = 0;  ///< QoS 1 and 2 in flight towards the client.
        std::uint32_t expiry_s =
            expiry_never;  ///< After the connection's end; 0: with it. [MQTT-5 3.1.2.11.2]
    };
    /// Promise: no connection is attached.
    void attach(connection& to, const terms& agreed);
    void detach();
    connection* link() const noexcept { return link_; }
    /// Sends again what was in flight, in order, and then what waits. [MQTT-5 4.4]
    void resume();
    /// Ends with its connection.
    bool is_transient() const noexcept { return terms_.expiry_s == 0; }
    const terms& agreed() const noexcept { return terms_; }
    void set_expiry(std::uint32_t expiry_s) noexcept { terms_.expiry_s = expiry_s; }

    // --- messages --------------------------------------------------------------------------------
    /// A message for this session, by one of its routes.
    void deliver(outgoing& what, const target& how);
    /// A retained message for a new subscription.
    void deliver_retained(const message& what, const subscriber& how);
    /// PUBACK or PUBREC: the message's flight needs it no more.
    void on_released(mqtt::token message);
    /// Sends what waits while there is room.
    void pump();
    /// All that was to be sent was sent: sends what waits, and says what was lost meanwhile.
    void on_drained();
    /// Says in the log what was lost since it was last said, if anything was.
    void say_lost();
    /// Connected, and another message would be written at once.
    bool has_room() const noexcept;
    /// Takes out the messages of shared subscriptions that another member may get instead: what was
    /// never sent, and with `and_sent` also what was sent at QoS 1 and not acknowledged. A message
    /// of QoS 2 whose delivery has begun stays. [MQTT-5 4.8.2]
    void give_up_shared(bool and_sent, std::vector<shared_leftover>& target);
    /// Windows for QoS 1 and 2, made on the first use.
    flight& windows();
    std::size_t queued() const noexcept { return baggage_ ? baggage_->queued : 0; }

    // --- subscriptions ---------------------------------------------------------------------------
    using filter_node = router::filter_node;
    using filter_nodes = absl::InlinedVector<filter_node*, 1>;
    filter_nodes& filters() noexcept { return filters_; }
    using membership_list = std::vector<std::unique_ptr<membership>>;
    membership_list& memberships() { return carry().memberships; }
    bool is_member() const noexcept { return baggage_ && !baggage_->memberships.empty(); }

    /// Null where there is none.
    will_state* will() const noexcept { return baggage_ ? baggage_->will.get() : nullptr; }
    void set_will(std::unique_ptr<will_state> fresh);
    std::unique_ptr<will_state> take_will() noexcept;
    const std::string& client_id() const noexcept { return client_id_; }
    session_serial serial() const noexcept { return serial_; }

    /// The router's note of where this session stands in the route that it is working out.
    std::uint32_t& mark() noexcept { return mark_; }

    /// Exists while there is no connection: armed for the end of the will's delay, or of the
    /// session.
    absence* away() const noexcept { return baggage_ ? baggage_->away.get() : nullptr; }
    absence& go_away(session_keeper& keeper);

private:
    /// What idle clients at QoS 0 do not have, so that they do not pay for it.
    struct baggage {
        std::unique_ptr<flight> windows;
        delivery_list waiting;
        std::uint32_t queued = 0;
        std::uint64_t queued_bytes = 0;
        std::uint64_t flying_bytes = 0;  // payload of what is in flight and kept
        bool is_resending = false;
        bool is_catching_up = false;  // its queue has not been empty since it came back
        std::unique_ptr<loss_record> lost;
        std::unique_ptr<will_state> will;
        std::unique_ptr<absence> away;
        membership_list memberships;
    };
    baggage& carry();

    bool send_now(outgoing& what, const stamp& on, const identifier_list& identifiers);
    bool send_unnumbered(outgoing& what, const stamp& on, const identifier_list& identifiers);
    void send_or_queue(outgoing& what, const stamp& on, const identifier_list& identifiers);
    void enqueue(outgoing& what, const stamp& on, const identifier_list& identifiers);
    bool start(delivery& waiting);
    bool has_flight_room(std::size_t payload);
    delivery* keep(outgoing& what, const stamp& on, const identifier_list& identifiers);
    bool resend_rest();
    send_outcome resend(mqtt::packet_id id, const mqtt::send_window::slot& at);
    void give_up(mqtt::packet_id id);
    bool queues_all() const noexcept;
    std::optional<loss> fullness(std::size_t payload) const noexcept;
    bool make_room(std::size_t payload);
    void leave_queue(delivery& one) noexcept;
    void purge_unkept() noexcept;
    void lose(loss why);
    void forget(delivery& done) noexcept;

    context& at_;
    connection* link_ = nullptr;
    std::string client_id_;
    session_serial serial_;
    std::uint32_t mark_ = 0;
    terms terms_;
    filter_nodes filters_;
    std::unique_ptr<baggage> baggage_;
};

}  // namespace nightjar::broker
