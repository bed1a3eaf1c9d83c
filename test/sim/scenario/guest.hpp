#pragma once
// A client of the storm: connects, subscribes, publishes and leaves as its dice say, and tells the
// oracle all of it. What is not finished when a connection ends it keeps, as the standard asks of a
// client with a session.
//
//      away --dial--> dialling --CONNECT--> greeting --CONNACK--> up --lost, left, taken over-->
//      away

#include "scenario/canary.hpp"
#include "scenario/link.hpp"
#include "scenario/oracle.hpp"

#include <nightjar/base/prng.hpp>
#include <nightjar/io/timeout.hpp>

#include <list>
#include <memory>

namespace nightjar::sim {

struct guest_options {
    unsigned number = 0;
    io::endpoint broker;
    prng chance{0};
    canary planted = canary::none;
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
    /// One more connection that it ends itself, with a will: in order or not. Returns the will's
    /// name.
    message_name die_with_will(bool in_order);
    /// Forgets its session and leaves.
    void say_goodbye();
    /// Drops what is over.
    void sweep();
    /// Ends all connections of which it had lost track.
    void end_all();
    bool is_alone() const noexcept { return links_.empty(); }
    void subscribe_to_all();
    /// Calls for each message received, after the oracle.
    std::function<void(const mqtt::publish&)> when_received;
    bool is_up() const noexcept { return phase_ == phase::up; }

private:
    enum class phase : std::uint8_t { away, dialling, greeting, up };
    enum class fate : std::uint8_t { none, kept, unknown };  // of the session, at the broker
    enum class last_wish : std::uint8_t { stay, leave_in_order, leave_rudely };

    struct flight {
        mqtt::packet_id id;
        message_name what;
        std::string topic, payload;
        mqtt::qos level;
        bool retain;
        bool is_released = false;  // PUBREC came
    };
    struct request {
        mqtt::packet_id id = 0;
        std::string filter;
        bool is_removal = false;
    };

    void act() noexcept;
    void whim();
    void dial();
    void greet();
    void publish();
    void subscribe();
    void unsubscribe();
    void ask(const std::string& filter, mqtt::qos most);
    void leave(bool in_order);
    void drop_link(bool rudely);
    void connection_over();
    void forget_session();
    void send(const flight& one, bool dup);
    void resume();
    mqtt::packet_id fresh_id();
    message_name next_name() { return {how_.number, ++sequence_}; }

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
    void on(mqtt::pingresp) {}
    template <class Other>
    void on(const Other&) {
        complain("sent what only clients send");
    }
    void take_in(const mqtt::publish& p);
    void complain(std::string_view what);
    flight* find(mqtt::packet_id id);
    duration pause();

    io::loop& on_;
    guest_options how_;
    prng& chance_;
    oracle& judge_;
    oracle::complain complain_;
    std::string name_;
    mqtt::version version_;
    io::timeout<guest, &guest::act> act_{*this};
    std::unique_ptr<io::attempt> attempt_;
    link* link_ = nullptr;
    std::list<link> links_;
    phase phase_ = phase::away;
    fate fate_ = fate::none;
    fate expected_ = fate::none;
    last_wish wish_ = last_wish::stay;
    bool is_calm_ = false, is_leaving_ = false, has_left_ = false;
    bool clean_ = false, transient_ = true, must_be_clean_ = false;
    message_name will_;
    bool has_will_ = false;
    std::uint16_t keep_alive_s_ = 0;
    std::uint16_t receive_max_ = 65535;  // ours
    std::uint16_t flights_max_ = 10;     // what the broker takes
    instant heard_{}, said_{};
    instant danger_until_{};  // a CONNECT without an answer may still come to the broker
    std::uint32_t sequence_ = 0;
    mqtt::packet_id last_id_ = 0;
    std::list<flight> flights_;
    std::set<mqtt::packet_id> half_received_;  // QoS 2 before its PUBREL
    std::set<mqtt::packet_id> open_here_;      // QoS 2 of this connection before its PUBCOMP
    request request_;                          // one at a time
};

}  // namespace nightjar::sim
