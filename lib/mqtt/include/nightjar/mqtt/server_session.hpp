#pragma once
// The server's half of one network connection: from its first byte to its last. Frames and checks
// what comes, keeps the order of the protocol, answers what needs no decision (PINGRESP, PUBREL,
// PUBCOMP, repeated QoS 2), and hands the rest to its owner as events. It routes nothing,
// authenticates nobody and keeps no message.
//
//      bytes ─ next() ─► event ─► owner decides ─► accept / acknowledge / suback … ─► output

#include <nightjar/base/output.hpp>
#include <nightjar/base/time.hpp>

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>
#include <nightjar/mqtt/window.hpp>

namespace nightjar::mqtt {

/// What the server allows; shared by many sessions, outlives them.
struct server_policy {
    /// `in.packet_max` is announced as Maximum Packet Size if below the standard's.
    limits in = {};
    /// QoS 1 and 2 from a 5.0 client not yet finished; beyond: 0x93. A 3.x client knows no such
    /// limit.
    std::uint16_t receive_maximum = 65535;
    std::uint16_t topic_alias_maximum = 0;  ///< A larger alias: 0x94. The owner keeps the names.
    qos maximum_qos = qos::exactly_once;    ///< A higher PUBLISH: 0x9B.
    bool retain_available = true;           ///< Else a retained PUBLISH: 0x9A.
    duration connect_within = 30s;          ///< From construction to the whole CONNECT.
};

class server_session {
public:
    /// No whole packet is left in `in`: at least so many more bytes.
    struct idle {
        std::size_t missing = 0;
    };
    /// PUBACK or PUBREC: that message's flight needs it no more. There may be room to send.
    struct released {
        token message;
        reason code;
        properties props;
    };
    /// PUBCOMP, or an ack of something not kept: there may be room to send.
    struct completed {};
    /// lend() windows with room to receive, or disconnect_now(); then call next() again.
    struct wants_flows {};
    /// A QoS 2 PUBLISH came again, with a topic alias; it is answered already, or will be by the
    /// acknowledge() of the first. Not to be delivered: only its alias is news.
    struct repeated {
        publish what;
    };
    /// Over: the farewell, if the version has one, is in the output. Write it, then close.
    struct closed {
        reason code;
    };
    /// connect comes first and once: answer by accept() or refuse(). publish at QoS 1 and 2: answer
    /// by acknowledge(), now or later. subscribe and unsubscribe: answer by suback() and
    /// unsuback(). auth: answer by accept(), send_auth() or an end. disconnect: the client left in
    /// order; nothing follows it.
    using event = std::variant<idle, publish, released, completed, subscribe, unsubscribe, connect,
                               disconnect, auth, wants_flows, repeated, closed>;

    /// `out` and `policy` outlive the session.
    server_session(const server_policy& policy, output& out, instant now) noexcept;

    // --- world to machine
    /// Eats from the front of `in` until a packet has something to say to the owner; call again
    /// until `idle` or `closed`. Views in the event point into `in`'s bytes. After `connect` and
    /// `auth` no further packet is read until the owner has answered: `idle` with 0 missing. No
    /// room in the output for an answer is `closed` with quota_exceeded. After `closed` or
    /// `disconnect` it eats nothing and says `closed` again.
    event next(bytes_view& in, instant now) noexcept;
    /// At deadline() or later. `closed` with keep_alive_timeout (or, before CONNECT,
    /// unspecified_error); else `idle`.
    event tick(instant now) noexcept;

    // --- owner to machine
    // Where a bool comes back, false means that nothing was written and nothing changed: no room in
    // the output, a packet larger than MQTT allows, or the session is over.

    /// Answers the CONNECT with success; from now on the protocol runs. `keep_alive_s` is the
    /// effective one (0: none). Windows may be lent later, but before the first flight: see lend().
    [[nodiscard]] bool accept(const connack& answer, std::uint16_t keep_alive_s) noexcept;
    /// Answers the CONNECT (or the authentication that followed it) with a failure; the session is
    /// over.
    void refuse(reason code, properties props = {}) noexcept;
    /// Windows to use; they outlive this session. Lent lazily, so that an idle client needs none:
    /// before begin(), and when a `wants_flows` event says that a QoS 2 packet waits for a (larger)
    /// receive window; that packet is still in `in`.
    void lend(flows& state) noexcept { flows_ = &state; }
    bool has_flows() const noexcept { return flows_ != nullptr; }

    /// PUBACK or PUBREC for a PUBLISH that the owner has taken care of. Due even where the session
    /// is over already: a QoS 2 PUBLISH that is repeated after a reconnect waits for it. A failure
    /// code ends the flight; 3.x has no way to tell the client. [MQTT-5 4.3]
    [[nodiscard]] bool acknowledge(packet_id id, qos level, reason code,
                                   properties props = {}) noexcept;
    [[nodiscard]] bool suback(const mqtt::suback& answer) noexcept;
    [[nodiscard]] bool unsuback(const mqtt::unsuback& answer) noexcept;
    /// Before accept(): the client's AUTH is read next, within `connect_within` of its last packet.
    /// [MQTT-5 4.12]
    [[nodiscard]] bool send_auth(const auth& what) noexcept;

    /// A PUBLISH towards the client begins its flight: the identifier to write into it. `no_room`:
    /// queue it. QoS 0 needs no flight. Promise: lend() was called.
    result<packet_id> begin(qos level, token message) noexcept {
        return flows_->sending.begin(level, message);
    }
    /// The same with the packet written. `p.id` is ignored.
    [[nodiscard]] bool publish_now(const publish& p, token message) noexcept;
    /// PUBREL again, after a reconnect. [MQTT-5 4.4]
    [[nodiscard]] bool resend_pubrel(packet_id id) noexcept;

    /// Ends the session from our side: DISCONNECT with `code` in 5.0, silence in 3.x; before
    /// accept() a CONNACK that refuses. Idempotent.
    void disconnect_now(reason code, properties props = {}) noexcept;

    // --- questions
    instant deadline() const noexcept;  ///< When to call tick(); `never` without keep-alive. Cheap.
    mqtt::version version() const noexcept { return version_; }
    bool is_connected() const noexcept { return state_ == state::connected; }
    bool is_closed() const noexcept { return state_ == state::closed; }
    /// How many packets next() has eaten, and as a rule answered, without an event since the last
    /// call; for the owner's figures.
    std::uint16_t take_quiet() noexcept { return std::exchange(quiet_, std::uint16_t{0}); }
    /// QoS 1 and 2 from the client that wait for acknowledge().
    std::uint16_t unacknowledged() const noexcept { return used_.unacknowledged(); }

private:
    enum class state : std::uint8_t { fresh, deciding, authenticating, connected, closed };

    // Each of these returns true when `e` is to be reported, false when the next packet may follow.
    bool eat(bytes_view& in, instant now, event& e) noexcept;
    bool eat_early(bytes_view& in, instant now, event& e) noexcept;
    bool eat_publish(const frame& f, bytes_view& in, event& e) noexcept;
    bool stop(const cutting& c, event& e) noexcept;
    bool end(reason code, event& e) noexcept;
    bool dispatch(const frame& f, event& e) noexcept;
    template <class Packet>
    bool read_on(const frame& f, event& e) noexcept;
    template <class Packet>
    bool report(const frame& f, event& e) noexcept;
    template <class Packet>
    bool answer(const Packet& p, event& e) noexcept;

    bool on_connect(const frame& f, event& e) noexcept;
    bool on_qos_1(event& e) noexcept;
    bool on_qos_2(packet_id id, std::size_t size, bytes_view& in, event& e) noexcept;
    bool on_repeated(packet_id id, event& e) noexcept;
    bool on(const puback& p, event& e) noexcept;
    bool on(const pubrec& p, event& e) noexcept;
    bool on(const pubrel& p, event& e) noexcept;
    bool on(const pubcomp& p, event& e) noexcept;
    bool on(const disconnect& p, event& e) noexcept;
    bool on(const auth& p, event& e) noexcept;
    bool on(pingreq p, event& e) noexcept;

    refusal refuse_connect(const connect& p) const noexcept;
    refusal refuse_publish(const publish& p) const noexcept;
    void say_farewell(reason code, properties props) noexcept;
    void write_refusal(const connack& what) noexcept;
    /// Whether the client takes such a packet.
    template <class Packet>
    bool is_taken(const Packet& what) const noexcept {
        return size_of(what, version_) <= client_packet_max_;
    }

    const server_policy* policy_;
    output* out_;
    flows* flows_ = nullptr;
    instant heard_;                                 // when the last packet came [MQTT-5 3.1.2.10]
    std::uint32_t client_packet_max_ = 0xFFFFFFFF;  // [MQTT-5 3.1.2-24]
    std::uint16_t keep_alive_s_ = 0;
    receive_quota used_;
    std::uint16_t quiet_ = 0;  // see take_quiet()
    state state_ = state::fresh;
    mqtt::version version_ = version::v3_1_1;
    reason code_{};  // of closed
    bool asked_for_flows_ : 1 = false;
    bool may_outlive_ : 1 = false;       // CONNECT had a session expiry above 0 [MQTT-5 3.14.2.2.2]
    bool may_authenticate_ : 1 = false;  // CONNECT named a method [MQTT-5 4.12.0-7]
    bool is_resumed_ : 1 = false;        // CONNACK said so: the client may resend what we completed
};

static_assert(sizeof(server_session) <= 48);

}  // namespace nightjar::mqtt
