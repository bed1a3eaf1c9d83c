#pragma once
// SUBSCRIBE and UNSUBSCRIBE that wait for a connection or an answer, and what is subscribed by now.

#include <nightjar/base/intrusive_list.hpp>
#include <nightjar/client/client.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::client {

/// One packet's worth; its wire bytes are kept, so that it can be sent again.
struct request {
    ticket name = 0;  ///< 0: made by the client itself, to subscribe again.
    bool is_subscribe = true;
    bool is_sent = false;  ///< On this connection.
    std::vector<byte> filters;
    std::vector<byte> properties;

    mqtt::subscribe as_subscribe() const noexcept;
    mqtt::unsubscribe as_unsubscribe() const noexcept;
};

/// `invalid`: nothing to ask for, or a filter of wrong form.
result<request> make_request(std::span<const mqtt::subscription> what, mqtt::properties props,
                             const mqtt::limits& max);
result<request> make_request(std::span<const std::string_view> filters, mqtt::properties props,
                             const mqtt::limits& max);

class request_desk {
public:
    void add(request what) { open_.push_back(std::make_unique<request>(std::move(what))); }
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
