#pragma once
// One client's network connection: bytes in, events to the worker, packets out. Knows the stream
// and the protocol's half; decides nothing about sessions or routes.
//
//      stream ─ on_data ─► read_ahead ─► server_session ─ event ─► on(...) ─► worker, session
//      stream ◄─ write ─── outbox ◄───── send, acknowledgements ◄───────────────┘   (flush: once a
//      turn)

#include <absl/container/inlined_vector.h>

#include <nightjar/io/loop.hpp>
#include <nightjar/io/outbox.hpp>
#include <nightjar/io/read_ahead.hpp>
#include <nightjar/mqtt/server_session.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../message.hpp"
#include "../session/delivery.hpp"
#include "listener_door.hpp"
#include "topic_aliases.hpp"

namespace nightjar::broker {

class session;
class worker;

/// Where a packet's properties are made; most need no heap.
using property_room = absl::InlinedVector<byte, 256>;

/// What it takes to go on with a connection on another worker: the socket and the bytes read so
/// far, CONNECT first.
struct arrival {
    io::handle socket;
    std::vector<byte> read;
    listener_door* door = nullptr;
    unsigned from = 0;
};

class connection final : public io::receiver, public io::flusher, private timer {
public:
    connection(worker& at, listener_door& door) noexcept;
    ~connection();

    /// Begins to read. `read`: bytes that came already on another worker.
    void open(io::stream& on, bytes_view read = {});
    /// Came from another worker: its CONNECT stays here whatever its client id says.
    void mark_arrived() noexcept { arrived_ = true; }

    // --- towards the client ----------------------------------------------------------------------
    using outcome = send_outcome;
    /// Writes a PUBLISH with its stamp.
    [[nodiscard]] outcome send(outgoing& what, const stamp& on, const identifier_list& identifiers);
    /// The session's windows, as soon as it has any.
    void lend(mqtt::flows& windows) noexcept { machine_.lend(windows); }
    void send_pubrel(mqtt::packet_id id);
    void suback(const mqtt::suback& answer);
    void unsuback(const mqtt::unsuback& answer);
    /// Room for messages that could as well wait in the session's queue. None on the way out: what
    /// comes between DISCONNECT and the close waits for the next connection.
    bool has_room() const noexcept {
        return !closing_ && !gone_ && out_.bytes() < std::min(queue_from, waiting_max());
    }
    /// Says why where the version can, then closes once that is written. `because`: for a human.
    void end(mqtt::reason why, std::string_view because = {});
    /// A will is published after all but a DISCONNECT with code 0.
    bool left_in_order() const noexcept { return left_in_order_; }

    mqtt::version version() const noexcept { return machine_.version(); }
    io::stream* stream() noexcept { return stream_; }
    /// What was agreed on when it came in, whatever was reloaded since.
    const listener_rules& rules() const noexcept { return *rules_; }
    session* owner() noexcept { return session_; }
    /// The session went to another connection.
    void disown() noexcept { session_ = nullptr; }
    void resume_reading() noexcept;
    /// What comes after this packet waits until go_on(): packets take effect in their order.
    void hold_back();
    void go_on();

    // --- io --------------------------------------------------------------------------------------
    void on_data(bytes lent) noexcept override;
    void on_written(std::size_t n) noexcept override;
    void on_closed(error why) noexcept override;
    void flush() noexcept override;

private:
    static constexpr std::size_t few_bytes = 8;  // an acknowledgement or two
    static constexpr std::uint32_t queue_from = 1024 * 1024;

    void take_in(bytes_view lent);
    std::size_t eat(bytes_view& in);
    std::size_t put_off(bytes_view& in);
    /// False: stop reading; the connection is over or gone.
    bool handle(mqtt::server_session::event& what, bytes_view packet, bytes_view rest);
    bool on(const mqtt::server_session::idle&) { return true; }
    bool on(const mqtt::server_session::released& what);
    bool on(const mqtt::server_session::completed&);
    bool on(const mqtt::server_session::wants_flows&);
    bool on(const mqtt::server_session::repeated& what);
    bool on(const mqtt::server_session::closed& what);
    bool on(const mqtt::connect& what, bytes_view packet, bytes_view rest);
    bool on(const mqtt::publish& what);
    bool on(const mqtt::subscribe& what);
    bool on(const mqtt::unsubscribe& what);
    bool on(const mqtt::disconnect& what);
    bool on(const mqtt::auth& what);

    struct objection {
        mqtt::reason code;
        std::string_view because;
    };
    std::optional<objection> objection_to(const mqtt::connect& what) const;
    std::optional<objection> objection_to_name(const mqtt::connect& what) const;
    std::optional<objection> crowded(std::string_view client_id) const;
    std::string name_for(const mqtt::connect& what);
    void learn(const mqtt::connect& what);
    void set_will(const mqtt::connect& what);
    void welcome(const mqtt::connect& what, bool was_present);
    void refuse(const objection& why);
    bool hand_over(unsigned home, bytes_view packet, bytes_view rest);
    bool resolve_alias(mqtt::publish& what);
    bool mount(std::string_view& topic);
    std::uint32_t search_cost() const noexcept;
    bool is_too_much(const mqtt::publish& what) const noexcept;
    bool refuse(const mqtt::publish& what, const objection& why);
    bool committed(const mqtt::publish& what, mqtt::reason code, std::string_view because = {});
    mqtt::properties explain(std::string_view because, bytes room) const noexcept;
    bool is_plain(const message_view& what, const identifier_list& identifiers) const noexcept;
    outcome send_form(outgoing& what, const stamp& on);
    outcome send_plain(const message_view& what, const stamp& on);
    outcome send_alone(const message_view& what, mqtt::properties props, const stamp& on,
                       const message* whole = nullptr);
    outcome send_dressed(outgoing& what, const stamp& on, const identifier_list& identifiers);
    bool fits(const message_view& what, mqtt::properties props, const stamp& on) const;
    /// Bytes that may wait before messages find no room; what acknowledges comes on top.
    std::uint32_t waiting_max() const noexcept { return rules_->how.max_outgoing_buffer_bytes; }
    static void on_timer(timer& self, instant now) noexcept;
    void watch_deadline() noexcept;
    void close_after_write() noexcept;
    void finish() noexcept;
    void note() noexcept;
    void weigh() noexcept;

    /// What few connections have, made on the first use.
    struct extras {
        received_aliases received;
        std::unique_ptr<sent_aliases> sent;
        std::string mounted;                        // a topic behind its mount point
        std::vector<byte>* leaving_with = nullptr;  // where bytes go while the stream is released
    };
    extras& more();

    worker& at_;
    listener_door* door_;
    std::shared_ptr<const listener_rules> rules_;
    io::stream* stream_ = nullptr;
    session* session_ = nullptr;
    io::outbox out_;
    mqtt::server_session machine_;
    io::read_ahead held_;
    std::unique_ptr<extras> extras_;
    std::unique_ptr<std::vector<byte>> late_;  // what came while held back
    std::uint32_t client_packet_max_ = 0xFFFFFFFF;
    std::uint32_t publishes_ = 0;  // PUBLISH packets put into the outbox since it was empty
    struct {
        std::uint32_t bytes = 0, publishes = 0;
    } weighed_;  // what the worker's figures know of this outbox
    std::uint16_t sent_alias_max_ = 0;
    bool is_terse_ : 1 = false;  // the client wants no reasons in words [MQTT-5 3.1.2.11.7]
    bool writing_ : 1 = false;
    bool closing_ : 1 = false;
    bool says_farewell_ : 1 = false;  // the peer should read it before it reads the end
    bool ended_ : 1 = false;
    bool arrived_ : 1 = false;
    bool left_in_order_ : 1 = false;
    bool gone_ : 1 = false;
    bool paused_ : 1 = false;
};

}  // namespace nightjar::broker
