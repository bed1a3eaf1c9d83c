#pragma once
// The client's half of one network connection, the mirror image of server_session: frames and
// checks what comes, keeps within what the server allows, answers what needs no decision, keeps the
// connection alive. It connects to nobody and keeps no message: what is in flight is a token of the
// owner's in the windows, which outlive the connection.
//
//      connect() ─► next() ─► connected ─► resume() ─► publish / subscribe … and next() ─► events
//
// All storage is lent: the session itself is under a hundred bytes.

#include <nightjar/base/output.hpp>
#include <nightjar/base/time.hpp>

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/window.hpp>

namespace nightjar::mqtt {

/// What the client allows; outlives its sessions. The owner writes the same numbers into CONNECT's
/// properties.
struct client_policy {
    limits in = {};  ///< Of what the server sends.
    std::uint16_t receive_maximum =
        65535;  ///< QoS 1 and 2 from a 5.0 server not yet finished; beyond: 0x93.
    std::uint16_t topic_alias_maximum =
        0;  ///< A larger alias from the server: 0x94. The owner keeps the names.
    std::uint16_t in_flight_max = 65535;  ///< Our own limit of QoS 1 and 2 to the server.
    duration answer_within = 30s;         ///< For CONNACK and PINGRESP.
};

class client_session {
public:
    /// No whole packet is left in `in`: at least so many more bytes.
    struct idle {
        std::size_t missing = 0;
    };
    /// CONNACK with success. Now call resume() or drop() if anything was in flight; then publish as
    /// you like.
    struct connected {
        connack answer;
    };
    /// CONNACK with a failure; nothing follows it.
    struct refused {
        connack answer;
    };
    /// PUBACK or PUBREC: the message is needed no more. Its reason may be a failure.
    struct released {
        token message;
        reason code;
        properties props;
    };
    /// PUBCOMP, or an ack of something not kept: there may be room to send.
    struct completed {};
    struct subscribed {
        suback answer;
        token request;
    };
    struct unsubscribed {
        unsuback answer;
        token request;
    };
    struct pong {};
    /// A QoS 2 PUBLISH that the owner was given before: of use for its topic alias only. Answer by
    /// acknowledge(), now or when the first one is. [MQTT-5 4.3.3-10]
    struct repeated {
        mqtt::publish message;
    };
    /// Over: the farewell, if there is one, is in the output. Write it, then close.
    struct closed {
        reason code;
    };
    /// publish at QoS 1 and 2: answer by acknowledge(), now or later, in the order of coming.
    /// disconnect: the server's own; nothing follows it. auth: answer by send_auth().
    using event = std::variant<idle, mqtt::publish, released, completed, subscribed, unsubscribed,
                               pong, repeated, connected, refused, mqtt::disconnect, auth, closed>;

    /// All three outlive the session. A new network connection begins: what is in flight in `state`
    /// counts as not written.
    client_session(const client_policy& policy, output& out, flows& state) noexcept;

    // --- world to machine
    /// Eats from the front of `in` until a packet has something to say to the owner; call again
    /// until `idle` or `closed`. Views in the event point into `in`'s bytes. No room in the output
    /// for an answer is `closed` with quota_exceeded. After the last event it eats nothing and says
    /// `closed` again.
    event next(bytes_view& in, instant now) noexcept;
    /// At deadline() or later: may write a PINGREQ. `closed` where the server does not answer; else
    /// `idle`.
    event tick(instant now) noexcept;

    // --- application to machine
    // `no_room`: the window, the output or the connection is not ready for it; an event says when
    // it may be. `unsupported`: the server said that it does not do this. `invalid`: larger, or an
    // alias higher, than the server takes. Nothing was written then.

    /// The first packet. `has_state`: the owner kept the session's state; without it, a server that
    /// has some is a protocol error. [MQTT-5 3.2.2-4]
    [[nodiscard]] result<> connect(const mqtt::connect& p, bool has_state, instant now) noexcept;
    /// `p.id` is ignored. The result is 0 at QoS 0. `message` must be found again until it is
    /// released.
    [[nodiscard]] result<packet_id> publish(const mqtt::publish& p, token message) noexcept;
    /// `p.id` is ignored. `request` comes back with the answer; if the connection ends first, it
    /// never does.
    [[nodiscard]] result<packet_id> subscribe(const mqtt::subscribe& p, token request) noexcept;
    [[nodiscard]] result<packet_id> unsubscribe(const mqtt::unsubscribe& p, token request) noexcept;
    /// PUBACK or PUBREC for a PUBLISH that the owner has taken care of. false: not written (no
    /// room, or over).
    [[nodiscard]] bool acknowledge(packet_id id, qos level, reason code) noexcept;
    [[nodiscard]] result<> send_auth(const auth& what) noexcept;
    /// Ends the session from our side: DISCONNECT, in 3.x without a code and only where `code` is
    /// no failure. Idempotent.
    void disconnect_now(reason code = reason::normal_disconnection, properties props = {}) noexcept;

    /// After `connected`: sends what is in flight once more, in the order of its first sending:
    /// with DUP where the server has the session still, else as new messages. `message_of(token)`
    /// returns the `mqtt::publish`. false: not all of it, for lack of room; call again after the
    /// next `released`, `completed` or written bytes. Until it was true, publish() above QoS 0 has
    /// no room. [MQTT-5 4.4.0-1, 4.6.0-1]
    template <class MessageOf>
    [[nodiscard]] bool resume(MessageOf&& message_of);
    /// Instead, where the server has no session: forgets what is in flight, and tells each token
    /// not yet released.
    template <class Visit>
    void drop(Visit&& visit);

    // --- questions
    instant deadline() const noexcept;  ///< When to call tick(); `never` without keep-alive. Cheap.
    bool is_connected() const noexcept { return state_ == state::connected; }
    bool is_closed() const noexcept { return state_ == state::closed; }
    bool is_resuming() const noexcept { return is_resuming_; }
    /// The server has the session still; in 3.1, which does not say, what was hoped for.
    bool is_session_present() const noexcept { return is_present_; }
    mqtt::version version() const noexcept { return version_; }
    std::uint16_t keep_alive_s() const noexcept {
        return keep_alive_s_;
    }  ///< The server's, if it has one.

private:
    enum class state : std::uint8_t { fresh, connecting, connected, closed };

    // Each of these returns true when `e` is to be reported, false when the next packet may follow.
    bool eat(bytes_view& in, instant now, event& e) noexcept;
    bool dispatch(const frame& f, event& e) noexcept;
    bool dispatch_early(const frame& f, event& e) noexcept;
    bool end(reason code, event& e) noexcept;
    template <class Packet>
    bool read_on(const frame& f, event& e) noexcept;
    template <class Packet>
    bool answer(const Packet& p, event& e) noexcept;
    bool on_publish(const frame& f, event& e) noexcept;
    bool on(const connack& p, event& e) noexcept;
    bool on(const puback& p, event& e) noexcept;
    bool on(const pubrec& p, event& e) noexcept;
    bool on(const pubrel& p, event& e) noexcept;
    bool on(const pubcomp& p, event& e) noexcept;
    bool on(const suback& p, event& e) noexcept;
    bool on(const unsuback& p, event& e) noexcept;
    bool on(const mqtt::disconnect& p, event& e) noexcept;
    bool on(const auth& p, event& e) noexcept;

    void heed(const properties& of_connack) noexcept;
    result<> may_publish(const mqtt::publish& p) const noexcept;
    std::uint16_t room_to_resend() noexcept;
    bool resend(packet_id id, mqtt::publish p) noexcept;
    bool resend_pubrel(packet_id id) noexcept;
    void beat(instant now) noexcept;
    template <class Packet>
    result<packet_id> request(Packet p, token request) noexcept;

    const client_policy* policy_;
    output* out_;
    flows* flows_;
    instant heard_{};                         // when the last packet came, or CONNECT left
    instant beat_ = never;                    // each half keep-alive interval: was anything sent?
    instant pinged_ = never;                  // when the PINGREQ left that has no answer yet
    std::uint32_t packet_max_ = 268'435'460;  // the server's [MQTT-5 3.2.2.3.6]
    std::uint16_t keep_alive_s_ = 0;
    std::uint16_t topic_alias_maximum_ = 0;  // the server's
    receive_quota used_;
    state state_ = state::fresh;
    mqtt::version version_ = version::v5;
    reason code_{};                        // of closed
    qos maximum_qos_ = qos::exactly_once;  // the server's
    bool retain_available_ : 1 = true;     // at the server
    bool has_state_ : 1 = false;
    bool may_authenticate_ : 1 = false;
    bool is_present_ : 1 = false;  // the server had the session
    bool is_resuming_ : 1 = false;
    bool has_sent_ : 1 = false;  // since the last beat
};

template <class MessageOf>
bool client_session::resume(MessageOf&& message_of) {
    if (!is_connected()) return false;
    std::uint16_t room = room_to_resend();
    bool is_whole = true;
    flows_->sending.for_each([&](packet_id id, send_window::slot& s) {
        if (s.is_written || !is_whole) return;
        if (s.at == send_window::stage::wait_pubcomp) {
            s.is_written = resend_pubrel(id);
        } else if (room > 0) {
            s.is_written = resend(id, message_of(s.message));
            --room;
        }
        is_whole = s.is_written;
    });
    is_resuming_ = !is_whole;
    return is_whole;
}

template <class Visit>
void client_session::drop(Visit&& visit) {
    using stage = send_window::stage;
    expects(!is_present_, "only what the server has forgotten is dropped");
    flows_->sending.for_each([&](packet_id, send_window::slot& s) {
        if (s.at == stage::wait_puback || s.at == stage::wait_pubrec) visit(s.message);
    });
    flows_->sending.clear();
    is_resuming_ = false;
}

}  // namespace nightjar::mqtt
