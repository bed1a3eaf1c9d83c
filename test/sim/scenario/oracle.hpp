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
    void published(message_name what, const mqtt::publish& packet, instant now);
    void published_again(message_name what) { ++messages_[what].copies; }
    void acknowledged(message_name what, instant now);
    void has_will(message_name what, const mqtt::will& its, instant now);

    // --- what subscribers do
    /// A new session begins, or what was expected of the old one no longer is.
    void session_begins(unsigned client);
    void session_in_doubt(unsigned client);
    void subscribing(unsigned client, const std::string& filter, mqtt::qos level);
    void subscribed(unsigned client, const std::string& filter, mqtt::qos granted);
    void unsubscribing(unsigned client, const std::string& filter);
    void unsubscribed(unsigned client, const std::string& filter, instant now);
    /// A PUBLISH that is not the repetition of a QoS 2 packet identifier in use.
    void received(unsigned client, const mqtt::publish& packet);

    // --- at the end
    /// Acknowledged messages that some session still has to receive.
    std::size_t missing() const;
    void complain_of_missing() const;
    /// What a new subscriber to everything was sent.
    void check_retained(const std::map<std::string, message_name>& seen) const;

private:
    struct record {
        std::string topic;
        mqtt::qos level{};
        bool retain = false, is_will = false, clears = false;
        unsigned copies = 1;  // sent by the publisher
        instant sent{};
        instant done = never;
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
    };

    void expect(message_name what, const record& its);
    void forget_expected(session& of, const std::string& filter);
    void check_filters(unsigned client, message_name what, const record& its,
                       const mqtt::publish& packet);
    void check_count(unsigned client, message_name what, const record& its,
                     const mqtt::publish& packet);
    void check_order(unsigned client, message_name what, const record& its,
                     const mqtt::publish& packet);
    bool is_superseded(message_name what, const record& its) const;

    std::vector<session> sessions_;
    std::map<message_name, record> messages_;
    complain complain_;
};

std::string payload_of(message_name what, std::size_t filler);
std::optional<message_name> name_in(bytes_view payload);

}  // namespace nightjar::sim
