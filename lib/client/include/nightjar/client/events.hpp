#pragma once
// What a client tells its application.

#include <nightjar/base/result.hpp>
#include <nightjar/base/time.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <functional>
#include <string>
#include <vector>

namespace nightjar::client {

/// What the client calls one publish(), subscribe(), unsubscribe() or request(); never 0, never
/// used twice.
using ticket = std::uint64_t;

/// What the client calls one message at QoS 1 or 2 that waits for acknowledge(); 0 at QoS 0.
using receipt = std::uint64_t;

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
    /// Of the server's CONNACK or DISCONNECT.
    std::vector<byte> properties{};

    mqtt::properties props() const noexcept { return mqtt::properties{bytes_view{properties}}; }
    /// The server's words for it; empty without any. [MQTT-5 3.2.2.3.9, 3.14.2.2.3]
    std::string_view reason_string() const noexcept {
        return props().text(mqtt::property_id::reason_string).value_or("");
    }
    /// Where the server wants its clients to go, with use_another_server and server_moved: one or
    /// more of "host:port", separated by spaces. [MQTT-5 4.11]
    std::string_view server_reference() const noexcept {
        return props().text(mqtt::property_id::server_reference).value_or("");
    }
};

/// "connection refused", "refused by the server: not authorized (no such user)", … for a log line.
std::string describe(const ending& what);

/// PUBACK or PUBREC. Stands for its code where only that is asked for.
struct acknowledgement {
    mqtt::reason code{};       ///< May be a failure.
    mqtt::properties props{};  ///< Reason string, user properties.

    operator mqtt::reason() const noexcept { return code; }
};

/// The answer to a request(), or why there is none: `timed_out`, `denied` (the server does not let
/// us subscribe to answers, or publish the request), `cancelled`. Views are valid during the call.
using response_callback = std::function<void(result<mqtt::publish>)>;

/// What to call when. All are optional. Each may call anything of the client, and may destroy it:
/// then none is called any more. Views are valid during the call.
struct callbacks {
    /// Each time that a server accepted the client. What is published in here follows what was in
    /// flight before.
    std::function<void(const mqtt::connack&)> on_connected;
    /// A message. QoS 1 and 2 are acknowledged when it returns; QoS 2 comes once.
    std::function<void(const mqtt::publish&)> on_message;
    /// If set, instead of on_message: QoS 1 and 2 are acknowledged when the application says so, by
    /// acknowledge(). A server sends no more of them than `receive_maximum` until then (a 3.x
    /// server: as many as it likes, 65535 at most). [MQTT-5 4.9]
    std::function<void(const mqtt::publish&, receipt)> on_delivery;
    /// QoS 1: PUBACK. QoS 2: PUBREC, from when on it is the server's. May take a `mqtt::reason`
    /// instead.
    std::function<void(ticket, const acknowledgement&)> on_acknowledged;
    std::function<void(ticket, const mqtt::suback&)> on_subscribed;
    std::function<void(ticket, const mqtt::unsuback&)> on_unsubscribed;
    /// A message or request that waited will not be sent: `no_room` (the queue dropped it),
    /// `invalid`, `unsupported` (the server takes no such thing), `cancelled` (the session is lost,
    /// or connect() began anew), `timed_out` (expired, or not done `within` its time; what was sent
    /// may still arrive).
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

}  // namespace nightjar::client
