#pragma once
// Requests that wait for their responses: who asked, and whether the server knows yet that we
// listen. [MQTT-5 4.10]

#include <nightjar/client/client.hpp>

#include <map>
#include <string>
#include <vector>

#include "parcel.hpp"
#include "time_limit.hpp"

namespace nightjar::client {

class reply_desk {
public:
    /// A response may come as soon as the request is out, and from another worker of the server:
    /// so no request leaves before the SUBACK is here.
    enum class stage : std::uint8_t { deaf, asked, listening };
    struct question {
        response_callback answer;
        parcel::owner unsent;  ///< Until we listen.
        time_limit limit;
    };

    question& add(ticket name) { return open_[name]; }
    bool has(ticket name) const noexcept { return open_.count(name) != 0; }
    /// Drops the question; its callback, or an empty one where there is no such question.
    response_callback take(ticket name);
    /// The ticket that a message on our topic answers; 0: nobody waits for it.
    static ticket correlation_of(const mqtt::publish& what) noexcept;
    /// Is on the topic that we listen on.
    bool is_ours(std::string_view topic) const noexcept {
        return at_ != stage::deaf && topic == topic_;
    }
    /// The names of all questions, or of those whose request was not sent.
    std::vector<ticket> names() const;
    std::vector<std::pair<ticket, parcel::owner>> take_unsent();

    std::size_t size() const noexcept { return open_.size(); }
    const std::string& topic() const noexcept { return topic_; }
    bool has_topic() const noexcept { return !topic_.empty(); }
    void settle_topic(std::string name) { topic_ = std::move(name); }
    stage at() const noexcept { return at_; }
    void go(stage where) noexcept { at_ = where; }

private:
    stage at_ = stage::deaf;
    std::string topic_;
    std::map<ticket, question> open_;
};

/// The properties of `given` with what makes a request of it.
property_list make_request_properties(mqtt::properties given, std::string_view topic, ticket name);

}  // namespace nightjar::client
