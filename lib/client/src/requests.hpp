#pragma once
// SUBSCRIBE and UNSUBSCRIBE that wait for a connection or an answer, and what is subscribed by now.

#include <nightjar/base/intrusive_list.hpp>
#include <nightjar/client/client.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "time_limit.hpp"

namespace nightjar::client {

/// One packet's worth; its wire bytes are kept, so that it can be sent again.
struct request {
    ticket name = 0;  ///< 0: made by the client itself, to subscribe again.
    bool is_subscribe = true;
    bool is_sent = false;   ///< On this connection.
    bool is_ours = false;   ///< Nobody asked for it: its answer is told and remembered by nobody.
    std::size_t count = 0;  ///< Of filters.
    time_limit limit;
    std::vector<byte> filters;
    std::vector<byte> properties;

    mqtt::subscribe as_subscribe() const noexcept;
    mqtt::unsubscribe as_unsubscribe() const noexcept;
};

/// `invalid`: nothing to ask for, or a filter of wrong form.
result<std::unique_ptr<request>> make_request(std::span<const mqtt::subscription> what,
                                              mqtt::properties props, const mqtt::limits& max);
result<std::unique_ptr<request>> make_request(std::span<const std::string_view> filters,
                                              mqtt::properties props, const mqtt::limits& max);

class request_desk {
public:
    void add(std::unique_ptr<request> what) { open_.push_back(std::move(what)); }
    std::size_t size() const noexcept { return open_.size(); }
    std::size_t subscriptions() const noexcept { return subscribed_.size(); }
    /// Nobody asks for it any more: not sent, or its answer is told to nobody. false: not known.
    bool cancel(ticket name) noexcept;
    /// The first that was not sent on this connection; null: none.
    request* unsent() noexcept;
    /// The connection is gone: all that has no answer is to be sent again.
    void unsend() noexcept;
    /// The server has no session: everything that was subscribed is asked for again, first.
    void ask_again();

    /// Each drops the request and keeps what came of it. Null where it is not known (any more).
    std::unique_ptr<request> on_answer(const request* which, const mqtt::suback& answer);
    std::unique_ptr<request> on_answer(const request* which, const mqtt::unsuback& answer);
    std::unique_ptr<request> remove(const request* which);
    void forget_subscribed() noexcept { subscribed_.clear(); }

private:
    struct subscribed {
        mqtt::subscription how;  // its filter is the key
        std::vector<byte> properties;
    };
    std::vector<std::unique_ptr<request>> open_;
    std::map<std::string, subscribed, std::less<>> subscribed_;
};

}  // namespace nightjar::client
