#pragma once
// An MQTT client that stays connected: it dials, keeps alive, comes back after a loss, resumes the
// session, and keeps what could not be sent in a bounded queue. It starts no thread and blocks
// nowhere: everything, its callbacks included, happens on the thread of the loop that it was given.
//
//        connect()                    CONNACK                      disconnect()
//   idle ───────► dialing ► opening ─────────► connected ─────────────────────► idle
//                    ▲                             │ lost
//                    └────────── waiting ◄─────────┘      (jittered, exponential)

#include <nightjar/base/result.hpp>
#include <nightjar/client/options.hpp>
#include <nightjar/io/loop.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace nightjar::client {

/// What the client calls one publish(), subscribe() or unsubscribe(); never 0, never used twice.
using ticket = std::uint64_t;

/// Why there is no connection (any more).
struct ending {
    enum class cause : std::uint8_t {
        asked,        ///< disconnect() was called, and all that it had to say was said.
        unreachable,  ///< No transport: see `why`.
        refused,      ///< CONNACK with `code`.
        server_left,  ///< DISCONNECT of the server's with `code`. 5.0 only.
        lost,         ///< The transport broke: see `why`.
        broken        ///< We ended it with `code`: protocol error, no answer in time.
    };
    cause what{};
    error why{};
    mqtt::reason code{};
    /// The client tries again after that; zero: it does not, connect() is free to be called.
    duration again_in{};
};

/// What to call when. All are optional. Each may call anything of the client, but none may destroy
/// it. Views are valid during the call.
struct callbacks {
    /// Each time that a server accepted the client. What is published in here follows what was in
    /// flight before.
    std::function<void(const mqtt::connack&)> on_connected;
    /// A message. QoS 1 and 2 are acknowledged when it returns; QoS 2 comes once.
    std::function<void(const mqtt::publish&)> on_message;
    /// QoS 1: PUBACK. QoS 2: PUBREC, from when on it is the server's. The reason may be a failure.
    std::function<void(ticket, mqtt::reason)> on_acknowledged;
    std::function<void(ticket, const mqtt::suback&)> on_subscribed;
    std::function<void(ticket, const mqtt::unsuback&)> on_unsubscribed;
    /// A message or request that waited will not be sent: `no_room` (the queue dropped it),
    /// `invalid`, `unsupported` (the server takes no such thing), `cancelled` (the session is lost,
    /// or connect() began anew).
    std::function<void(ticket, error)> on_dropped;
    /// publish() answered `no_room` before; now half of the queue is free.
    std::function<void()> on_room;
    /// All that was published has been written and acknowledged in full.
    std::function<void()> on_drained;
    /// Comes once for each connection, and for each attempt that failed; never inside a call of the
    /// client's.
    std::function<void(const ending&)> on_disconnected;
    /// Enhanced authentication: answer by authenticate(). Without it an AUTH ends the connection.
    /// [MQTT-5 4.12]
    std::function<void(const mqtt::auth&)> on_auth;
    /// The bytes of the connection in their order, cut anywhere: for traces.
    std::function<void(bytes_view)> on_bytes_sent;
    std::function<void(bytes_view)> on_bytes_received;
};

class core;

class client {
public:
    /// `on` outlives the client.
    explicit client(io::loop& on);
    /// Drops the connection without a word, so that a will is published; disconnect() is the way to
    /// leave in order. Promise: not called by one of its callbacks.
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Begins. How it went is told by on_connected or on_disconnected. `invalid`: options that make
    /// no sense, or already connecting. What was in flight before stays for the new connection,
    /// unless `how.clean_start` is set: then it is dropped. What waits in the queue stays.
    result<> connect(options how, callbacks who);

    /// DISCONNECT after what is in the output; what waits in the queue stays there. on_disconnected
    /// follows. The server gets `linger` to close. Ends attempts to connect, too. Nothing when
    /// idle.
    void disconnect(mqtt::reason code = mqtt::reason::normal_disconnection,
                    mqtt::properties props = {});

    /// Sends or queues a message; copies what it keeps. `what.id` and `what.dup` are ignored.
    /// `no_room`: see queueing. `invalid`: no topic name, or more than the server takes.
    /// `unsupported`: the server does not take its QoS or its retain.
    result<ticket> publish(const mqtt::publish& what);
    result<ticket> publish(std::string_view topic, std::string_view payload,
                           mqtt::qos level = mqtt::qos::at_most_once, bool retain = false);

    /// Sends a SUBSCRIBE now or as soon as there is a connection; on_subscribed has the answer.
    /// `invalid`: no filter, or one of wrong form.
    result<ticket> subscribe(std::span<const mqtt::subscription> what, mqtt::properties props = {});
    result<ticket> subscribe(std::string_view filter, mqtt::qos level = mqtt::qos::at_most_once);
    result<ticket> unsubscribe(std::span<const std::string_view> filters,
                               mqtt::properties props = {});
    result<ticket> unsubscribe(std::string_view filter);

    /// AUTH. `no_room` without a connection that asked for one.
    result<> authenticate(const mqtt::auth& what);

    // --- questions
    bool is_connected() const noexcept;
    bool is_idle() const noexcept;  ///< Neither connected nor trying to be.
    bool is_drained() const noexcept;
    std::size_t queued() const noexcept;        ///< Messages that wait to be sent.
    std::size_t queued_bytes() const noexcept;  ///< Their topics, properties and payloads.
    std::size_t in_flight() const noexcept;     ///< QoS 1 and 2 not yet acknowledged in full.
    /// The one in use; after a 5.0 server chose one, that. Valid until the next connect().
    std::string_view client_id() const noexcept;
    std::uint64_t attempts() const noexcept;  ///< To connect, since construction.

private:
    std::unique_ptr<core> core_;
};

/// "connection refused", "not authorized (server)", … for a log line.
std::string describe(const ending& what);

}  // namespace nightjar::client
