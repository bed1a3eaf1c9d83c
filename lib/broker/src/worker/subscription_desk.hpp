#pragma once
// SUBSCRIBE and UNSUBSCRIBE. With several workers a SUBACK waits until all of them know the filter,
// so that what is published anywhere after it is not missed.
//
//      SUBSCRIBE ─► interest to the others ─► interest_known from each ─► subscription, SUBACK,
//      retained messages
//
// Meanwhile the client's next packets wait, so that what it publishes itself is not missed either.

#include <deque>
#include <string_view>
#include <vector>

#include "../context.hpp"
#include "../session/session.hpp"
#include "exchange.hpp"
#include "share_desk.hpp"

namespace nightjar::broker {

class subscription_desk {
public:
    subscription_desk(context& at, mailbox& mail, share_desk& shares);

    void subscribe(connection& by, const mqtt::subscribe& what);
    void unsubscribe(connection& by, const mqtt::unsubscribe& what);
    /// The session ends.
    void drop_all(session& of);
    /// The session's connection came or went.
    void note_presence(session& of) { shares_.note_presence(of); }
    /// The connection ends; what it asked for and was not answered is forgotten.
    void forget(const connection& gone);

    void on_interest(unsigned from, const interest& what);
    void on_known(unsigned from, std::uint64_t ticket);

private:
    /// A SUBSCRIBE that waits for the others to know.
    struct pending {
        std::uint64_t ticket = 0;
        connection* by = nullptr;  ///< Null: gone meanwhile.
        mqtt::packet_id id = 0;
        std::uint32_t identifier = 0;
        std::vector<byte> filters;
    };
    using filter_node = router::filter_node;

    std::vector<std::string> announce(const mqtt::subscription_list& filters);
    void complete(const pending& what);
    bool announce(std::string_view filter);
    void await(mqtt::subscription_list filters, bool begins);
    void add(connection& by, mqtt::packet_id id, std::uint32_t identifier,
             mqtt::subscription_list filters);
    void remove(connection& by, mqtt::packet_id id, mqtt::filter_list filters);
    mqtt::reason add_one(session& to, const mqtt::subscription& one, std::uint32_t identifier,
                         bool& is_new);
    bool may_add(session& to, std::string_view filter) const;
    bool add_plain(std::string_view filter, const subscriber& how, bool& is_new);
    bool remove_plain(session& of, std::string_view filter, std::vector<std::string>& unwanted);
    void send_retained(session& to, mqtt::subscription_list filters, std::uint32_t identifier,
                       const std::vector<bool>& is_new, bytes_view codes);
    void leave(session& of, filter_node& at, std::vector<std::string>& unwanted);
    void retract(filter_node& at, std::vector<std::string>& unwanted);
    void tell_others(const std::vector<std::string>& filters, bool wanted, std::uint64_t ticket);

    context& at_;
    mailbox& mail_;
    share_desk& shares_;
    std::uint64_t asked_ = 0;              // the last ticket
    std::uint64_t known_ = 0;              // all of the others know what was announced with it
    std::vector<std::uint64_t> known_by_;  // the same, worker by worker
    std::deque<pending> pending_;
};

}  // namespace nightjar::broker
