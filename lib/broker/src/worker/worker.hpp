#pragma once
// One core's broker: its connections, sessions, subscriptions and its end of the exchange.
// Everything in it belongs to the thread of its loop. It puts the parts together and keeps the
// turn:
//
//      accept, read, route ─► letters in ─► connections that are gone are freed ─► bells ─► flush
//      (the loop's)

#include <nightjar/base/slab.hpp>
#include <nightjar/io/engine.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../connection/connection.hpp"
#include "../context.hpp"
#include "exchange.hpp"
#include "session_table.hpp"
#include "share_desk.hpp"
#include "subscription_desk.hpp"
#include "switchboard.hpp"

namespace nightjar::broker {

class worker final : private io::turn_hook {
public:
    struct place {
        unsigned index = 0;
        std::uint64_t seed = 0;
        surroundings around;
    };
    worker(io::loop& loop, const broker_config& how, exchange& through, event_log& log,
           const place& own);
    ~worker();

    /// Accepts on `how.at` for a door; the address with the port that the kernel chose. On the
    /// loop's thread.
    result<io::endpoint> listen(const io::listen_options& how, listener_door& door);
    /// No new connections. Once all workers were told so, and have each other's wills, those that
    /// are there are told, written out and closed.
    void shut_down();
    bool is_empty() const noexcept { return connections_.empty(); }
    /// What is read from the configuration from now on. On the loop's thread.
    void reconfigure(const broker_config& how) { how_ = how; }

    context& shared() noexcept { return shared_; }
    session_table& sessions() noexcept { return sessions_; }
    subscription_desk& desk() noexcept { return desk_; }
    switchboard& messages() noexcept { return messages_; }

    // --- for connections -------------------------------------------------------------------------
    void admit(io::stream& fresh, listener_door& door);
    void send_arrival(unsigned home, std::unique_ptr<arrival> what);
    void on_connection_closed(connection& gone, error why);
    /// The client has left, whatever its socket still does: its session goes on without it.
    void let_go(connection& gone, error why);
    /// Frees it at the end of the turn.
    void bury(connection& gone);
    /// Letters wait for room: whoever publishes should read no further.
    bool is_congested() const noexcept { return mail_.is_congested(); }
    void resume_later(connection& paused) { paused_.push_back(connections_.id_of(paused)); }
    /// Its slice of this turn is spent, and it has more to do: go_on() in the next.
    void go_on_later(connection& busy) { busy_.push_back(connections_.id_of(busy)); }

private:
    class front_door;

    void on_turn() noexcept override;
    void open_letter(unsigned from, letter& what);
    void take_in(arrival& what);
    void resume_paused();
    void serve_busy();
    bool read_letters();
    void see_off(bool has_all_wills);

    mailbox mail_;
    broker_config how_;  // its own copy, so that a reload changes it between two turns
    context shared_;
    share_desk shares_;
    switchboard messages_;
    subscription_desk desk_;
    session_table sessions_;
    slab<connection> connections_;
    std::vector<connection*> graves_;
    std::vector<id<connection>> paused_;
    std::vector<id<connection>> busy_;
    std::vector<std::unique_ptr<front_door>> doors_;
    timer again_;     // looks after full rings
    timer sweep_;     // forgets old removals of retained messages
    timer patience_;  // with workers that do not end
    bool shutting_down_ = false;
    bool has_said_last_ = false;
    bool has_seen_off_ = false;
};

}  // namespace nightjar::broker
