#pragma once
// What stands behind `client`: the way from idle to connected and back, and what outlives a
// connection: messages, requests, windows.
//
// A callback may destroy the client. Whoever calls into the core from outside stands on a `visit`:
// the core dies when the last of them ends, and tells nobody anything until then.

#include <nightjar/client/client.hpp>
#include <nightjar/io/dial.hpp>
#include <nightjar/io/timeout.hpp>
#include <nightjar/mqtt/client_session.hpp>

#include "aliases.hpp"
#include "backoff.hpp"
#include "flight.hpp"
#include "link.hpp"
#include "parcel.hpp"
#include "receipts.hpp"
#include "replies.hpp"
#include "requests.hpp"

namespace nightjar::client {

class core final : private io::connector {
public:
    class visit {
    public:
        explicit visit(core& at) noexcept : at_(at) { ++at.visits_; }
        ~visit() {
            if (--at_.visits_ == 0) at_.settle_visits();
        }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

    private:
        core& at_;
    };

    explicit core(io::loop& on) : loop_(on), who_(std::make_unique<callbacks>()) {}
    ~core();
    /// Dies, now or with the last visit.
    void retire() noexcept;

    result<> connect(options how, callbacks who);
    void disconnect(mqtt::reason code, mqtt::properties props);
    result<ticket> publish(const mqtt::publish& what, duration within);
    result<ticket> ask(result<std::unique_ptr<request>> made, duration within);
    result<ticket> request_response(const mqtt::publish& what, duration within,
                                    response_callback answer);
    result<> acknowledge(receipt which, mqtt::reason code);
    bool cancel(ticket which) noexcept;
    result<> authenticate(const mqtt::auth& what);

    bool is_connected() const noexcept { return state_ == state::connected; }
    bool is_idle() const noexcept { return state_ == state::idle; }
    bool is_drained() const noexcept;
    std::size_t queued() const noexcept { return waiting_.size(); }
    std::size_t queued_bytes() const noexcept { return waiting_.bytes(); }
    std::size_t in_flight() const noexcept { return flight_ ? flight_->in_flight() : 0; }
    std::size_t unacknowledged() const noexcept { return receipts_.size(); }
    std::string_view client_id() const noexcept { return client_id_; }
    const place& server() const noexcept { return places_[place_]; }
    std::uint64_t attempts() const noexcept { return attempts_; }
    const mqtt::limits& limits() const noexcept { return how_.in; }

    // --- from the link and from limits of time
    /// False: read no further.
    bool handle(mqtt::client_session::event& what);
    void on_read();
    void on_written();
    void on_link_closed(error why);
    void on_overdue(ticket which);
    bool is_traced() const noexcept { return static_cast<bool>(who_->on_bytes_sent); }
    void tell_sent(bytes_view part) const {
        if (who_->on_bytes_sent) who_->on_bytes_sent(part);
    }
    void tell_received(bytes_view part) const {
        if (who_->on_bytes_received && !part.empty()) who_->on_bytes_received(part);
    }

private:
    enum class state : std::uint8_t { idle, dialing, opening, connected, leaving, waiting, over };
    struct farewell {
        mqtt::reason code;
        std::vector<byte> properties;
    };
    using session = mqtt::client_session;

    // core.cpp: the way there and back
    void settle_visits() noexcept;
    void settle(options how, callbacks who);
    void dial();
    void on_connected(io::stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override;
    void on_time() noexcept;
    void fall(ending why, bool may_retry);
    duration pause_before_next(const ending& why);
    bool say_hello();
    void replace_callbacks(callbacks who);

    // events.cpp: what the server says
    bool on(session::idle) { return true; }
    bool on(const session::released& what);
    bool on(session::completed) { return true; }
    bool on(session::pong) { return true; }
    bool on(const session::subscribed& what);
    bool on(const session::unsubscribed& what);
    bool on(const session::connected& what);
    bool on(const session::refused& what);
    bool on(const mqtt::disconnect& what);
    bool on(const mqtt::auth& what);
    bool on(const session::closed& what);
    void end_with(ending why, bool may_retry);
    void welcome_back(bool session_present);
    void leave_if_asked();

    // receiving.cpp: messages
    bool on(const mqtt::publish& what);
    bool on(const session::repeated& what);
    void deliver(const mqtt::publish& what);
    bool take_response(const mqtt::publish& what);
    void send_acknowledgements();

    // replies.cpp's questions, in responses.cpp
    void listen_for_responses();
    std::string response_topic();
    void on_listening(const mqtt::suback& answer);
    void send_question(ticket name, const mqtt::publish& what);
    void answer_with(ticket name, result<mqtt::publish> what);

    // sending.cpp: what the application says
    void pump();
    bool send(parcel::owner what);
    bool send(request& what);
    bool resume();
    result<> submit(const mqtt::publish& what, ticket name, duration within);
    result<> queue(const mqtt::publish& what, ticket name, duration within);
    result<mqtt::packet_id> transmit(const mqtt::publish& what, mqtt::token which);
    void tell_dropped(ticket which, error why);
    void tell_room();
    void tell_drained();
    void drop_session();

    io::loop& loop_;
    std::unique_ptr<io::resolver> names_;
    options how_;
    std::unique_ptr<callbacks> who_;
    std::vector<std::unique_ptr<callbacks>> past_;  // replaced during a visit: one of them may run
    mqtt::client_policy policy_;
    std::string client_id_;
    std::vector<place> places_{1};
    std::size_t place_ = 0;
    std::size_t failed_places_ = 0;  // in this round
    state state_ = state::idle;
    bool is_first_ = true;     // no connection of this connect() yet
    bool may_retry_ = false;   // after what `ending_` says
    bool delivering_ = false;  // inside on_message
    bool is_busy_ = false;     // on_drained is owed
    bool is_short_ = false;    // on_room is owed
    bool is_retired_ = false;  // the client is gone
    std::uint32_t visits_ = 0;
    std::optional<farewell> farewell_;  // disconnect() inside on_message
    ending ending_;
    instant connected_at_{};
    std::uint64_t attempts_ = 0;
    ticket last_ticket_ = 0;
    std::optional<backoff> backoff_;
    std::optional<prng> random_;  // for names
    std::unique_ptr<io::attempt> attempt_;
    std::unique_ptr<flight> flight_;
    std::unique_ptr<link> link_;
    parcel_list waiting_;
    parcel_list flying_;
    request_desk requests_;
    receipt_book receipts_;
    reply_desk replies_;
    ticket listening_ = 0;              // our own SUBSCRIBE for responses
    std::string response_information_;  // the server's [MQTT-5 3.2.2.3.15]
    received_aliases received_aliases_;
    sent_aliases sent_aliases_;
    io::timeout<core, &core::on_time> time_{*this};
};

}  // namespace nightjar::client
