#pragma once
// An MQTT client that stays connected: it dials, keeps alive, comes back after a loss, resumes the
// session, and keeps what could not be sent in a bounded queue. It starts no thread and blocks
// nowhere: everything, its callbacks included, happens on the thread of the loop that it was given.
//
//        connect()                    CONNACK                      disconnect()
//   idle ───────► dialing ► opening ─────────► connected ─────────────────────► idle
//                    ▲                             │ lost
//                    └────────── waiting ◄─────────┘      (jittered, exponential)

#include <nightjar/client/events.hpp>
#include <nightjar/client/options.hpp>
#include <nightjar/client/property_list.hpp>
#include <nightjar/io/loop.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace nightjar::client {

class core;

class client {
public:
    /// `on` outlives the client.
    explicit client(io::loop& on);
    /// At any time, in its own callbacks too. Drops the connection without a word, so that a will
    /// is published; disconnect() is the way to leave in order. What waited is told to nobody.
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Begins. How it went is told by on_connected or on_disconnected. `invalid`: options that make
    /// no sense, or already connecting. What was in flight before stays for the new connection,
    /// unless `how.clean_start` is set: then it is dropped. What waits in the queue stays.
    result<> connect(options how, callbacks who);

    /// DISCONNECT after what is in the output; what waits in the queue stays there. on_disconnected
    /// follows. The server gets a second to close. Ends attempts to connect, too. Nothing when
    /// idle.
    void disconnect(mqtt::reason code = mqtt::reason::normal_disconnection,
                    mqtt::properties props = {});

    // --- operations
    // `within`: the time until the answer, the wait for a connection included; then on_dropped
    // tells `timed_out`. Zero: no limit.

    /// Sends or queues a message; copies what it keeps. `what.id` and `what.dup` are ignored.
    /// `no_room`: see queueing. `invalid`: no topic name, or more than the server takes.
    /// `unsupported`: the server does not take its QoS or its retain. At QoS 0 `within` counts
    /// until it is sent.
    result<ticket> publish(const mqtt::publish& what, duration within = {});
    result<ticket> publish(std::string_view topic, std::string_view payload,
                           mqtt::qos level = mqtt::qos::at_most_once, bool retain = false);

    /// Sends a SUBSCRIBE now or as soon as there is a connection; on_subscribed has the answer.
    /// `invalid`: no filter, or one of wrong form. `no_room`: see queueing.
    result<ticket> subscribe(std::span<const mqtt::subscription> what, mqtt::properties props = {},
                             duration within = {});
    result<ticket> subscribe(std::string_view filter, mqtt::qos level = mqtt::qos::at_most_once);
    result<ticket> unsubscribe(std::span<const std::string_view> filters,
                               mqtt::properties props = {}, duration within = {});
    result<ticket> unsubscribe(std::string_view filter);

    /// Publishes `what` with a response topic and correlation data, and calls `answer` once: with
    /// the message that came back, or with the reason why none did within `within`. `what.props`
    /// has neither of the two. `unsupported`: not in 3.x. `no_room`: see queueing. `invalid`: no
    /// topic name, or no limit of time. [MQTT-5 4.10]
    result<ticket> request(const mqtt::publish& what, duration within, response_callback answer);
    /// The other side of it: publishes `payload` to the response topic of `to`, with its
    /// correlation data. `invalid`: `to` has no response topic.
    result<ticket> respond(const mqtt::publish& to, std::string_view payload,
                           mqtt::qos level = mqtt::qos::at_most_once);

    /// Nobody is told any more how the operation went. What was not sent never is; a message in
    /// flight ends its flight as the standard asks. false: no such operation is pending.
    /// O(operations pending).
    bool cancel(ticket which) noexcept;

    /// With on_delivery: PUBACK or PUBREC, once all that came before is acknowledged as well; a
    /// failure is told to a 5.0 server. Nothing where the connection that the message came on is
    /// gone: then the server sends it again, and a QoS 2 message that was delivered already is
    /// not delivered again but acknowledged. `invalid`: no such receipt (any more).
    /// [MQTT-5 4.6.0-2, 4.6.0-3]
    result<> acknowledge(receipt which, mqtt::reason code = mqtt::reason::success);

    /// AUTH: the answer to on_auth, or with re_authenticate a new exchange. `unsupported`: CONNECT
    /// named no method. `invalid`: another method than CONNECT named, or larger than the server
    /// takes. `no_room`: no connection. [MQTT-5 4.12]
    result<> authenticate(const mqtt::auth& what);

    // --- questions
    bool is_connected() const noexcept;
    bool is_idle() const noexcept;  ///< Neither connected nor trying to be.
    bool is_drained() const noexcept;
    std::size_t queued() const noexcept;        ///< Messages that wait to be sent.
    std::size_t queued_bytes() const noexcept;  ///< Their topics, properties and payloads.
    std::size_t in_flight() const noexcept;     ///< QoS 1 and 2 not yet acknowledged in full.
    /// Messages that were delivered and wait for acknowledge().
    std::size_t unacknowledged() const noexcept;
    /// The one in use; after a 5.0 server chose one, that. Valid until the next connect().
    std::string_view client_id() const noexcept;
    /// The broker that is connected or tried. Valid until the next connect().
    const place& server() const noexcept;
    std::uint64_t attempts() const noexcept;  ///< To connect, since construction.

private:
    struct retire {
        void operator()(core* of) const noexcept;
    };
    std::unique_ptr<core, retire> core_;
};

}  // namespace nightjar::client
