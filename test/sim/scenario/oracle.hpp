#pragma once
// What the standard lets a broker do, worked out the slow and obvious way from what clients said
// and heard. Where messages cross in flight and both orders are right, it accepts both.

#include <nightjar/base/time.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace nightjar::sim {

/// Names a message: in the payload as "p3:17 ...".
struct message_name {
    unsigned publisher = 0;
    std::uint32_t sequence = 0;
    friend auto operator<=>(const message_name&, const message_name&) = default;
};

class oracle {
public:
    using complain = std::function<void(const std::string&)>;
    oracle(unsigned clients, complain how) : sessions_(clients), complain_(std::move(how)) {}

    // --- what publishers do
    /// `expiry_s` is its Message Expiry Interval; 0: none.
    void published(message_name what, const mqtt::publish& packet, std::uint32_t expiry_s,
                   instant now);
    void published_again(message_name what) { ++messages_[what].copies; }
    void acknowledged(message_name what, instant now);
    /// It goes nowhere, as the broker has said.
    void refused(message_name what);
    std::size_t refusals() const noexcept { return refusals_; }

    // --- wills
    /// In a CONNECT said now; due `waits` after its connection has ended, at the earliest.
    void has_will(message_name what, const mqtt::will& its, duration waits, instant now);
    /// Its connection surely lived then.
    void will_rests(message_name what, instant alive);
    /// Its session may end before its delay is over.
    void will_hurries(message_name what) { messages_.at(what).hurries = true; }
    /// The broker has said that the session goes on with a new connection.
    void will_is_spared(message_name what, instant now);

    // --- what subscribers do
    /// A new session begins, or what was expected of the old one no longer is.
    void session_begins(unsigned client);
    void session_in_doubt(unsigned client);
    void connection_ended(unsigned client, instant now) { sessions_[client].last_break = now; }
    void subscribing(unsigned client, const std::string& filter, mqtt::qos level);
    void subscribed(unsigned client, const std::string& filter, mqtt::qos granted);
    void unsubscribing(unsigned client, const std::string& filter);
    void unsubscribed(unsigned client, const std::string& filter, instant now);
    struct hearing {
        instant now{};
        instant served{};  ///< What was heard left the broker after this.
        bool is_v5 = false;
    };
    /// A PUBLISH that is not the repetition of a QoS 2 packet identifier in use.
    void received(unsigned client, const mqtt::publish& packet, const hearing& when);

    // --- at the end
    /// Acknowledged messages that some session, or some member of a shared subscription, still has
    /// to receive.
    std::size_t missing(instant now) const;
    std::size_t missing(unsigned client, instant now) const;
    void complain_of_missing(instant now) const;
    /// That no message came to more members of a shared subscription than it may.
    void check_shares() const;
    /// What a new subscriber to everything was sent: nothing wrong, and nothing less than is due.
    void check_retained(const std::map<std::string, message_name>& seen) const;
    void check_retained_lost(const std::map<std::string, message_name>& seen) const;

private:
    struct record {
        std::string topic;
        mqtt::qos level{};
        bool retain = false, is_will = false, clears = false;
        bool is_refused = false, is_heard = false;
        unsigned copies = 1;  // sent by the publisher
        std::uint32_t expiry_s = 0;
        instant sent{};
        instant done = never;
        // of a will
        duration waits{};
        instant heard = never;
        bool hurries = false, is_spared = false;
    };
    struct filter {
        mqtt::qos most{};                  // of all that was asked while it may have existed
        std::optional<mqtt::qos> granted;  // it surely exists
        instant gone = never;              // it surely existed until then at most
        unsigned askings = 0;
    };
    struct reception {
        unsigned live = 0, fresh = 0, retained = 0;
    };
    struct session {
        std::map<std::string, filter> filters;
        std::map<message_name, reception> received;
        std::map<std::tuple<unsigned, std::string, mqtt::qos>, std::uint32_t> last;
        std::set<message_name> expected;
        instant last_break{};
    };
    /// What became of a message in a shared subscription.
    struct share {
        bool is_due = false;                        // some member must get it
        std::map<unsigned, mqtt::qos> receivers{};  // who got it, and how
    };
    using shares = std::map<message_name, share>;

    void expect(message_name what, const record& its);
    void forget_expected(session& of, const std::string& filter);
    bool must_come(message_name what, instant now) const;

    void expect_of_groups(message_name what, const record& its);
    void void_group(const std::string& name);
    void void_groups(const session& of);
    void note_share(unsigned client, message_name what, const mqtt::publish& packet);
    bool is_by_share(unsigned client, const record& its) const;
    bool may_come_again(unsigned client, const record& its) const;

    void check_will(message_name what, record& its, instant now);
    void check_expiry(unsigned client, message_name what, const record& its,
                      const mqtt::publish& packet, const hearing& when);
    void check_filters(unsigned client, message_name what, const record& its,
                       const mqtt::publish& packet);
    void check_count(unsigned client, message_name what, const record& its,
                     const mqtt::publish& packet);
    void check_retained_count(unsigned client, message_name what, const record& its,
                              const mqtt::publish& packet);
    void check_order(unsigned client, message_name what, const record& its,
                     const mqtt::publish& packet);
    bool is_superseded(message_name what, const record& its) const;

    std::vector<session> sessions_;
    std::map<message_name, record> messages_;
    std::map<std::string, shares> groups_;  // by "$share/NAME/FILTER"
    std::size_t refusals_ = 0;
    complain complain_;
};

std::string text(message_name what);
std::string payload_of(message_name what, std::size_t filler);
std::optional<message_name> name_in(bytes_view payload);
/// Whether a filter, shared or not, matches a topic.
bool covers(std::string_view filter, std::string_view topic);
bool is_shared(std::string_view filter);

}  // namespace nightjar::sim
