#pragma once
// A client of the storm: connects, subscribes, publishes and leaves as its dice say, and tells the
// oracle all of it. What is not finished when a connection ends it keeps, as the standard asks of a
// client with a session.
//
//      away --dial--> dialling --CONNECT--> greeting --CONNACK--> up --lost, left, taken over-->
//      away

#include "scenario/aliases.hpp"
#include "scenario/canary.hpp"
#include "scenario/link.hpp"
#include "scenario/oracle.hpp"
#include "scenario/parting.hpp"
#include "scenario/plan.hpp"
#include "scenario/rival.hpp"
#include "scenario/wishes.hpp"

#include <nightjar/base/prng.hpp>
#include <nightjar/io/timeout.hpp>

#include <deque>
#include <list>
#include <memory>

namespace nightjar::sim {

struct guest_options {
    unsigned number = 0;
    io::endpoint broker;
    prng chance{0};
    canary planted = canary::none;
    habits does;
    pressures may;  // happen to it
    bool is_slow = false;
    duration stray_max{};  // how long a CONNECT that nobody waits for may still be read
};

class guest final : private io::connector, private link_owner {
public:
    guest(io::loop& on, const guest_options& how, oracle& judge, oracle::complain complain);
    ~guest();

    // --- what the scenario asks for
    void begin();
    /// No more whims: it only connects, finishes what it began and stays.
    void calm_down();
    bool is_settled() const noexcept;
    std::string state_text() const;
    /// Leaves as drawn, and returns if that was drawn too.
    void part(const parting& how);
    /// When it has left; never: not yet.
    instant left_at() const noexcept { return left_at_; }
    message_name will() const noexcept { return will_; }
    /// Forgets its session and leaves.
    void say_goodbye();
    /// Drops what is over.
    void sweep();
    /// Ends all connections of which it had lost track.
    void end_all();
    bool is_alone() const noexcept { return links_.empty() && rivals_.empty(); }
    void subscribe_to_all();
    /// At QoS 1, with that Message Expiry Interval if it is not 0.
    message_name publish_to(std::string_view topic, std::size_t filler, std::uint32_t expiry_s);
    /// Whether one more message of QoS 1 may go.
    bool may_publish() const noexcept { return is_up() && flights_.size() < flights_max_; }
    bool is_slow() const noexcept { return how_.is_slow; }
    /// Does not read for a while.
    void pause_reading(bool is_paused);
    /// Loses its connection, and connects again.
    void hang_up() { drop_link(true); }
    /// From now on nothing is too much for the broker.
    void expect_no_refusals() noexcept { how_.may.refuses = false; }
    /// Calls for each message received, after the oracle.
    std::function<void(const mqtt::publish&)> when_received;
    bool is_up() const noexcept { return phase_ == phase::up; }
    mqtt::version version() const noexcept { return version_; }
    unsigned number() const noexcept { return how_.number; }

private:
    enum class phase : std::uint8_t { away, dialling, greeting, up };
    enum class fate : std::uint8_t { none, kept, unknown };  // of the session, at the broker

    struct flight {
        mqtt::packet_id id;
        message_name what;
        std::string topic, payload;
        mqtt::qos level;
        bool retain;
        std::uint32_t expiry_s = 0;  // 0: none
        bool is_released = false;    // PUBREC came
        instant said{};
    };
    struct request {
        mqtt::packet_id id = 0;
        std::string filter;
        bool is_removal = false;
        instant said{};
    };
    /// What a CONNECT asks for.
    struct terms {
        bool clean = false;
        std::uint32_t expiry_s = 0;  // 0: the session ends with its connection
        std::uint16_t keep_alive_s = 0;
        std::uint16_t receive_max = 65535;  // ours
        std::uint16_t alias_max = 0;        // ours
        bool has_will = false;
        std::uint32_t will_delay_s = 0;
        bool is_transient() const noexcept { return expiry_s == 0; }
    };
    /// What the broker must say of the session in its CONNACK.
    struct keeping {
        fate is = fate::none;
        instant surely_until = never;  // if kept: not over before
        instant over_from = never;     // if kept: a CONNECT that is said then finds nothing
    };

    // --- life
    void act() noexcept;
    void whim();
    void ping();
    void gather_rivals();
    void leave(bool in_order);
    void leave(mqtt::reason why);
    void drop_link(bool rudely);
    void connection_over();

    // --- connecting
    void dial();
    void greet();
    terms draw_terms();
    std::uint32_t draw_expiry(bool is_free);
    mqtt::properties describe_terms(mqtt::property_writer& into) const;
    void make_will(mqtt::connect& hello, std::string& payload, bytes room);
    void turned_away(mqtt::reason why);
    fate expected() const;
    void strayed();
    void session_left();
    void forget_session();
    void lived_at(instant when);
    bool is_contested() const noexcept;

    // --- publishing
    void publish();
    void publish(flight one);
    void send(flight& one, bool dup);
    void refused(const flight& one, mqtt::reason why);
    void resume();
    mqtt::packet_id fresh_id();
    message_name next_name() { return {how_.number, ++sequence_}; }
    flight* find(mqtt::packet_id id);

    // --- subscribing
    void subscribe();
    void unsubscribe();
    std::string draw_wish();
    void ask(const std::string& filter, mqtt::qos most);
    void tell(const mqtt::packet& what);

    void on_connected(io::stream& fresh) noexcept override;
    void on_connect_failed(error why) noexcept override;
    void on_packet(const mqtt::packet& what) override;
    void on_nonsense(mqtt::reason why) override;
    void on_lost(error why) override;

    void on(const mqtt::connack& p);
    void on(const mqtt::publish& p);
    void on(const mqtt::puback& p);
    void on(const mqtt::pubrec& p);
    void on(const mqtt::pubrel& p);
    void on(const mqtt::pubcomp& p);
    void on(const mqtt::suback& p);
    void on(const mqtt::unsuback& p);
    void on(const mqtt::disconnect& p);
    void on(mqtt::pingresp);
    template <class Other>
    void on(const Other&) {
        complain("sent what only clients send");
    }
    void take_in(const mqtt::publish& p);
    void dawdle() noexcept;
    void complain(std::string_view what);
    duration pause();

    io::loop& on_;
    guest_options how_;
    prng& chance_;
    oracle& judge_;
    oracle::complain complain_;
    std::string name_;
    mqtt::version version_;
    io::timeout<guest, &guest::act> act_{*this};
    io::timeout<guest, &guest::dawdle> dawdle_{*this};
    std::unique_ptr<io::attempt> attempt_;
    link* link_ = nullptr;
    std::list<link> links_;
    std::list<rival> rivals_;
    phase phase_ = phase::away;
    bool is_calm_ = false, is_leaving_ = false, has_left_ = false;
    bool dawdles_ = false, is_held_ = false;

    terms terms_;
    keeping session_;
    bool must_be_clean_ = false;
    instant heard_{}, said_{};
    instant connect_said_{};
    std::deque<instant> pings_;  // when they were said, until they are answered
    instant alive_{};            // the broker surely served this connection then
    // A CONNECT without an answer may still come to the broker: one that ends a session, or one
    // that only takes over and leaves its own expiry behind.
    instant danger_until_{}, stray_until_{};
    std::uint32_t stray_expiry_s_ = expiry_never;
    instant contest_until_{};
    std::optional<parting> parting_;
    instant left_at_ = never;
    instant calm_since_{};

    message_name will_;
    std::vector<message_name> old_wills_;  // that may still come
    std::uint16_t flights_max_ = 10;       // what the broker takes
    heard_aliases heard_aliases_;
    said_aliases said_aliases_;
    bool has_shared_ = false;  // the broker offers shared subscriptions
    std::string team_;         // the one shared subscription that it is ever in
    std::uint32_t sequence_ = 0;
    mqtt::packet_id last_id_ = 0;
    std::list<flight> flights_;
    std::set<mqtt::packet_id> half_received_;  // QoS 2 before its PUBREL
    std::set<mqtt::packet_id> open_here_;      // QoS 2 of this connection before its PUBCOMP
    request request_;                          // one at a time
};

}  // namespace nightjar::sim
