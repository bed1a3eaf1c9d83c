// Request and response. [MQTT-5 4.10]
#include <nightjar/mqtt/topic.hpp>

#include "core.hpp"
#include "drawn_name.hpp"

namespace nightjar::client {
namespace {

constexpr std::size_t drawn_letters = 22;  // more than 110 bits: nobody guesses it

}  // namespace

result<ticket> core::request_response(const mqtt::publish& what, duration within,
                                      response_callback answer) {
    const visit stay(*this);
    if (how_.version != mqtt::version::v5) return fail(error::unsupported);
    if (within <= duration::zero() || !mqtt::is_topic_name(what.topic, how_.in))
        return fail(error::invalid);
    if (replies_.size() >= how_.queue.responses_max) return fail(error::no_room);
    auto kept = parcel::make(what, 0, loop_.now());
    if (!kept) return fail(error::no_room);
    const ticket name = ++last_ticket_;
    auto& asked = replies_.add(name);
    asked.answer = std::move(answer);
    asked.unsent = std::move(kept);
    asked.limit.start(*this, loop_, name, within);
    if (state_ == state::connected) listen_for_responses();
    return name;
}

/// Subscribes to the topic of our responses, once a session, as soon as somebody waits for one.
void core::listen_for_responses() {
    using enum reply_desk::stage;
    if (replies_.size() == 0) return;
    if (replies_.at() == listening) return on_listening({});
    if (replies_.at() == asked) return;
    if (!replies_.has_topic()) replies_.settle_topic(response_topic());
    const mqtt::subscription one{.filter = replies_.topic(), .maximum = mqtt::qos::at_least_once};
    auto made = make_request(std::span(&one, 1), {}, how_.in);
    if (!made) {
        for (const ticket name : replies_.names()) answer_with(name, fail(error::invalid));
        return;
    }
    (*made)->is_ours = true;
    (*made)->name = listening_ = ++last_ticket_;
    requests_.add(std::move(*made));
    replies_.go(asked);
    pump();
}

std::string core::response_topic() {
    if (!how_.response_topic.empty()) return how_.response_topic;
    const bool is_told = !response_information_.empty();
    return (is_told ? response_information_ : "nightjar/response") + "/" +
           drawn_name(random_->fork(), drawn_letters);
}

void core::on_listening(const mqtt::suback& answer) {
    const bool is_denied = !answer.codes.empty() && mqtt::is_failure(mqtt::reason{answer.codes[0]});
    replies_.go(is_denied ? reply_desk::stage::deaf : reply_desk::stage::listening);
    if (is_denied)
        for (const ticket name : replies_.names()) answer_with(name, fail(error::denied));
    else
        for (const auto& [name, what] : replies_.take_unsent()) send_question(name, what->view());
}

void core::send_question(ticket name, const mqtt::publish& what) {
    const property_list props = make_request_properties(what.props, replies_.topic(), name);
    mqtt::publish question = what;
    question.props = props.view();
    const auto sent =
        props.is_whole() ? submit(question, name, {}) : result<>(fail(error::invalid));
    if (!sent) answer_with(name, fail(sent.error()));
}

/// True: it was a response, or a late one.
bool core::take_response(const mqtt::publish& what) {
    if (!replies_.is_ours(what.topic)) return false;
    answer_with(reply_desk::correlation_of(what), what);
    return true;
}

/// Nothing where nobody waits for it any more.
void core::answer_with(ticket name, result<mqtt::publish> what) {
    const response_callback call = replies_.take(name);
    if (call) call(std::move(what));
}

}  // namespace nightjar::client
