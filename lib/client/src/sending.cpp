// What the application says.
#include <nightjar/mqtt/topic.hpp>

#include "core.hpp"

namespace nightjar::client {
namespace {

bool is_kept(const mqtt::publish& what) noexcept { return what.level != mqtt::qos::at_most_once; }

mqtt::token token_of(const void* what) noexcept { return reinterpret_cast<mqtt::token>(what); }

/// A 3.x packet has none; encode() would leave them out as well, but the queue should not hold
/// them.
mqtt::publish for_version(mqtt::publish what, mqtt::version v) noexcept {
    if (v != mqtt::version::v5) what.props = {};
    return what;
}

}  // namespace

result<ticket> core::publish(const mqtt::publish& given, duration within) {
    const visit stay(*this);
    const mqtt::publish what = for_version(given, how_.version);
    const ticket name = ++last_ticket_;
    const auto taken = submit(what, name, within);
    if (!taken) return fail(taken.error());
    return name;
}

result<> core::submit(const mqtt::publish& what, ticket name, duration within) {
    if (!mqtt::is_topic_name(what.topic, how_.in)) return fail(error::invalid);
    // Its numbers are ours.
    if (how_.own_topic_aliases_max != 0 && what.props.number(mqtt::property_id::topic_alias))
        return fail(error::invalid);
    const bool is_clear = state_ == state::connected && waiting_.empty() && !link_->is_congested();
    if (!is_clear) return queue(what, name, within);
    parcel::owner kept = is_kept(what) ? parcel::make(what, name, loop_.now()) : nullptr;
    if (is_kept(what) && !kept) return fail(error::no_room);
    const auto sent = transmit(what, token_of(kept.get()));
    if (!sent && sent.error() == error::no_room) return queue(what, name, within);
    if (!sent) return fail(sent.error());
    if (kept) {
        kept->limit().start(*this, loop_, name, within);
        flying_.push(std::move(kept));
    }
    is_busy_ = true;
    link_->note();
    return {};
}

result<mqtt::packet_id> core::transmit(const mqtt::publish& what, mqtt::token which) {
    auto sent = link_->machine().publish(sent_aliases_.shorten(what), which);
    if (sent) sent_aliases_.sent(what.topic);
    return sent;
}

result<> core::queue(const mqtt::publish& what, ticket name, duration within) {
    if (state_ != state::connected && !is_kept(what) && !how_.queue.keeps_qos_0)
        return fail(error::no_room);
    const std::size_t size = what.topic.size() + what.props.raw().size() + what.payload.size();
    const auto is_full = [&] {
        return waiting_.size() >= how_.queue.messages_max ||
               waiting_.bytes() + size > how_.queue.bytes_max;
    };
    while (how_.queue.policy == when_full::drop_oldest && is_full() && !waiting_.empty()) {
        const parcel::owner gone = waiting_.pop();
        tell_dropped(gone->name(), error::no_room);
    }
    if (is_full()) {
        is_short_ = how_.queue.policy == when_full::refuse;
        if (how_.queue.policy != when_full::drop_newest) return fail(error::no_room);
        tell_dropped(name, error::no_room);
        return {};
    }
    parcel::owner kept = parcel::make(what, name, loop_.now());
    if (!kept) return fail(error::no_room);
    kept->limit().start(*this, loop_, name, within);
    waiting_.push(std::move(kept));
    is_busy_ = true;
    return {};
}

result<ticket> core::ask(result<std::unique_ptr<request>> made, duration within) {
    const visit stay(*this);
    if (!made) return fail(made.error());
    request& asked = **made;
    const bool is_many = asked.is_subscribe &&
                         requests_.subscriptions() + asked.count > how_.queue.subscriptions_max;
    if (is_many || requests_.size() >= how_.queue.requests_max) return fail(error::no_room);
    const ticket name = asked.name = ++last_ticket_;
    asked.limit.start(*this, loop_, name, within);
    requests_.add(std::move(*made));
    if (state_ == state::connected) pump();
    return name;
}

/// Each answer of an exchange, and each new one, goes on with the method of the first.
/// [MQTT-5 4.12.0-3, 4.12.0-5, 4.12.1-1]
result<> core::authenticate(const mqtt::auth& what) {
    using mqtt::property_id;
    if (!link_) return fail(error::no_room);
    const auto method =
        mqtt::properties{bytes_view{how_.properties}}.text(property_id::authentication_method);
    if (method && what.props.text(property_id::authentication_method) != method)
        return fail(error::invalid);
    const bool is_new = what.code == mqtt::reason::re_authenticate;
    if (is_new && state_ != state::connected) return fail(error::no_room);
    if (!is_new && what.code != mqtt::reason::continue_authentication) return fail(error::invalid);
    auto sent = link_->machine().send_auth(what);
    link_->note();
    return sent;
}

bool core::cancel(ticket which) noexcept {
    if (which == 0 || which == listening_) return false;
    bool was_known = static_cast<bool>(replies_.take(which));
    if (parcel* found = waiting_.find(which)) {
        waiting_.take(*found);
        was_known = true;
    } else if (parcel* sent = flying_.find(which)) {
        sent->forget_name();
        was_known = true;
    }
    return was_known || requests_.cancel(which);
}

void core::on_overdue(ticket which) {
    const visit stay(*this);
    const response_callback asked = replies_.take(which);
    const bool was_known = cancel(which);
    if (asked)
        asked(fail(error::timed_out));
    else if (was_known && who_->on_dropped)
        who_->on_dropped(which, error::timed_out);
    tell_room();
}

/// Sends what waits as far as it goes: first what was in flight, then requests, then messages.
void core::pump() {
    if (!resume()) return link_->note();
    while (request* next = requests_.unsent())
        if (!send(*next)) break;
    while (state_ == state::connected && !waiting_.empty() && !link_->is_congested()) {
        // Looked at before it is taken, so that what does not go keeps its place.
        const mqtt::publish what = waiting_.front()->view();
        if (is_kept(what) && !flight_->windows().sending.has_room()) break;
        if (!send(waiting_.pop())) break;
    }
    tell_room();
    if (link_) link_->note();
}

bool core::resume() {
    if (!link_->machine().is_resuming()) return true;
    return link_->machine().resume(
        [](mqtt::token which) { return reinterpret_cast<const parcel*>(which)->view(); });
}

/// True: go on with the next.
bool core::send(parcel::owner what) {
    if (!what->age(loop_.now())) {
        tell_dropped(what->name(), error::timed_out);
        return true;
    }
    const mqtt::publish packet = what->view();
    const auto sent = transmit(packet, is_kept(packet) ? token_of(what.get()) : 0);
    if (sent) {
        if (is_kept(packet)) flying_.push(std::move(what));
    } else if (sent.error() == error::no_room) {
        waiting_.push_front(std::move(what));
        return false;
    } else {
        tell_dropped(what->name(), sent.error());
    }
    return true;
}

/// True: go on with the next.
bool core::send(request& what) {
    auto& machine = link_->machine();
    const auto sent = what.is_subscribe
                          ? machine.subscribe(what.as_subscribe(), token_of(&what))
                          : machine.unsubscribe(what.as_unsubscribe(), token_of(&what));
    what.is_sent = sent.has_value();
    if (sent) return true;
    if (sent.error() == error::no_room) return false;
    const auto gone = requests_.remove(&what);
    tell_dropped(gone->name, sent.error());
    return true;
}

/// Whoever asked: the application, or its question for a response.
void core::tell_dropped(ticket which, error why) {
    if (which == 0) return;
    if (which == listening_) {
        replies_.go(reply_desk::stage::deaf);
        for (const ticket name : replies_.names()) answer_with(name, fail(why));
    } else if (replies_.has(which)) {
        answer_with(which, fail(why));
    } else if (who_->on_dropped) {
        who_->on_dropped(which, why);
    }
}

void core::on_written() {
    if (state_ != state::connected) return;
    pump();
    tell_drained();
}

void core::tell_room() {
    const bool is_half = waiting_.size() <= how_.queue.messages_max / 2 &&
                         waiting_.bytes() <= how_.queue.bytes_max / 2;
    if (!is_short_ || !is_half) return;
    is_short_ = false;
    if (who_->on_room) who_->on_room();
}

bool core::is_drained() const noexcept {
    return waiting_.empty() && in_flight() == 0 && (!link_ || link_->is_written());
}

void core::tell_drained() {
    if (!is_busy_ || state_ != state::connected || !is_drained()) return;
    is_busy_ = false;
    if (who_->on_drained) who_->on_drained();
}

/// The application begins anew: what was in flight and what was subscribed is history. What was
/// never sent stays.
void core::drop_session() {
    flight_.reset();
    requests_.forget_subscribed();
    while (const parcel::owner gone = flying_.pop()) tell_dropped(gone->name(), error::cancelled);
}

}  // namespace nightjar::client
