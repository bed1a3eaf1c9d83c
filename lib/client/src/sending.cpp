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

result<ticket> core::publish(const mqtt::publish& given) {
    const mqtt::publish what = for_version(given, how_.version);
    if (!mqtt::is_topic_name(what.topic, how_.in)) return fail(error::invalid);
    is_busy_ = true;
    const bool is_clear = state_ == state::connected && waiting_.empty() && !link_->is_congested();
    if (!is_clear) return queue(what);
    parcel::owner kept = is_kept(what) ? parcel::make(what, last_ticket_ + 1) : nullptr;
    if (is_kept(what) && !kept) return fail(error::no_room);
    const auto sent = link_->machine().publish(what, token_of(kept.get()));
    if (!sent && sent.error() == error::no_room) return queue(what);
    if (!sent) return fail(sent.error());
    if (kept) flying_.push(std::move(kept));
    link_->note();
    return ++last_ticket_;
}

result<ticket> core::queue(const mqtt::publish& what) {
    if (state_ != state::connected && !is_kept(what) && !how_.queue.keeps_qos_0)
        return fail(error::no_room);
    const std::size_t size = what.topic.size() + what.props.raw().size() + what.payload.size();
    const auto is_full = [&] {
        return waiting_.size() >= how_.queue.messages_max ||
               waiting_.bytes() + size > how_.queue.bytes_max;
    };
    if (how_.queue.policy == when_full::drop_oldest)
        while (is_full() && !waiting_.empty()) drop_oldest();
    if (is_full()) {
        is_short_ = true;
        return fail(error::no_room);
    }
    parcel::owner kept = parcel::make(what, last_ticket_ + 1);
    if (!kept) return fail(error::no_room);
    waiting_.push(std::move(kept));
    return ++last_ticket_;
}

void core::drop_oldest() {
    const parcel::owner gone = waiting_.pop();
    if (who_.on_dropped) who_.on_dropped(gone->name(), error::no_room);
}

result<ticket> core::ask(result<request> made) {
    if (!made) return fail(made.error());
    made->name = ++last_ticket_;
    const ticket name = made->name;
    requests_.add(std::move(*made));
    if (state_ == state::connected) pump();
    return name;
}

result<> core::authenticate(const mqtt::auth& what) {
    if (!link_) return fail(error::no_room);
    auto sent = link_->machine().send_auth(what);
    link_->note();
    return sent;
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
    const mqtt::publish packet = what->view();
    const auto sent = link_->machine().publish(packet, is_kept(packet) ? token_of(what.get()) : 0);
    if (sent) {
        if (is_kept(packet)) flying_.push(std::move(what));
    } else if (sent.error() == error::no_room) {
        waiting_.push_front(std::move(what));
        return false;
    } else if (who_.on_dropped) {
        who_.on_dropped(what->name(), sent.error());
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
    if (gone->name != 0 && who_.on_dropped) who_.on_dropped(gone->name, sent.error());
    return true;
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
    if (who_.on_room) who_.on_room();
}

bool core::is_drained() const noexcept {
    return waiting_.empty() && in_flight() == 0 && (!link_ || link_->is_written());
}

void core::tell_drained() {
    if (!is_busy_ || state_ != state::connected || !is_drained()) return;
    is_busy_ = false;
    if (who_.on_drained) who_.on_drained();
}

/// The application begins anew: what was in flight and what was subscribed is history. What was
/// never sent stays.
void core::drop_session() {
    flight_.reset();
    requests_.forget_subscribed();
    while (const parcel::owner gone = flying_.pop())
        if (who_.on_dropped) who_.on_dropped(gone->name(), error::cancelled);
}

}  // namespace nightjar::client
