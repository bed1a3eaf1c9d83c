#pragma once
// What stands behind `client`: the way from idle to connected and back, and what outlives a
// connection: messages, requests, windows.

#include <nightjar/client/client.hpp>
#include <nightjar/io/dial.hpp>
#include <nightjar/io/timeout.hpp>
#include <nightjar/mqtt/client_session.hpp>

#include "backoff.hpp"
#include "flight.hpp"
#include "link.hpp"
#include "parcel.hpp"
#include "requests.hpp"

namespace nightjar::client {

class core final : private io::connector {
public:
    explicit core(io::loop& on) noexcept : loop_(on) {}
    ~core();

    result<> connect(options how, callbacks who);
    void disconnect(mqtt::reason code, mqtt::properties props);
    result<ticket> publish(const mqtt::publish& what);
    result<ticket> ask(result<request> made);
    result<> authenticate(const mqtt::auth& what);

    bool is_connected() const noexcept { return state_ == state::connected; }
    bool is_idle() const noexcept { return state_ == state::idle; }
    bool is_drained() const noexcept;
    std::size_t queued() const noexcept { return waiting_.size(); }
    std::size_t queued_bytes() const noexcept { return waiting_.bytes(); }
    std::size_t in_flight() const noexcept { return flight_ ? flight_->in_flight() : 0; }
    std::string_view client_id() const noexcept { return client_id_; }
    std::uint64_t attempts() const noexcept { return attempts_; }
    const mqtt::limits& limits() const noexcept { return how_.in; }

    // --- from the link
    /// False: read no further.
    bool handle(mqtt::client_session::event& what);
    void on_read();
    void on_written();
    void on_link_closed(error why);
    bool is_traced() const noexcept { return static_cast<bool>(who_.on_bytes_sent); }
    void tell_sent(bytes_view part) const { who_.on_bytes_sent(part); }
    void tell_received(bytes_view part) const {
        if (who_.on_bytes_received && !part.empty()) who_.on_bytes_received(part);
    }

private:
    enum class state : std::uint8_t { idle, dialing, opening, connected, leaving, waiting, over };
    struct farewell {
        mqtt::reason code;
        std::vector<byte> properties;
    };
    using session = mqtt::client_session;

    // core.cpp: the way there and back
    void settle(options how, callbacks who);
    void dial();
    void on_connected(io::stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override;
    void on_time() noexcept;
    void fall(ending why, bool may_retry);
    bool say_hello();

    // events.cpp: what the server says
    bool on(session::idle) { return true; }
    bool on(const mqtt::publish& what);
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
    bool resolve_alias(mqtt::publish& what);
    void end_with(ending why, bool may_retry);
    void welcome_back(bool session_present);
    void leave_if_asked();

    // sending.cpp: what the application says
    void pump();
    bool send(parcel::owner what);
    bool send(request& what);
    bool resume();
    result<ticket> queue(const mqtt::publish& what);
    void drop_oldest();
    void tell_room();
    void tell_drained();
    void drop_session();

    io::loop& loop_;
    std::unique_ptr<io::resolver> names_;
    options how_;
    callbacks who_;
    mqtt::client_policy policy_;
    std::string client_id_;
    state state_ = state::idle;
    bool is_first_ = true;              // no connection of this connect() yet
    bool may_retry_ = false;            // after what `ending_` says
    bool delivering_ = false;           // inside on_message
    bool is_busy_ = false;              // on_drained is owed
    bool is_short_ = false;             // on_room is owed
    std::optional<farewell> farewell_;  // disconnect() inside on_message
    ending ending_;
    instant connected_at_{};
    std::uint64_t attempts_ = 0;
    ticket last_ticket_ = 0;
    std::optional<backoff> backoff_;
    std::unique_ptr<io::attempt> attempt_;
    std::unique_ptr<flight> flight_;
    std::unique_ptr<link> link_;
    parcel_list waiting_;
    parcel_list flying_;
    request_desk requests_;
    std::vector<std::string> aliases_;  // the server's, by number - 1
    io::timeout<core, &core::on_time> time_{*this};
};

}  // namespace nightjar::client
