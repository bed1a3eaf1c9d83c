#include "session.hpp"

#include <algorithm>

#include "../connection/connection.hpp"

namespace nightjar::broker {

session::session(context& at, std::string client_id, session_serial serial)
    : at_(at), client_id_(std::move(client_id)), serial_(serial) {}

session::~session() {
    if (!baggage_) return;
    while (delivery* one = baggage_->waiting.pop_front()) forget(*one);
    at_.count.messages_queued.subtract(baggage_->queued);
    if (!baggage_->windows) return;
    baggage_->windows->windows().sending.for_each(
        [this](mqtt::packet_id, mqtt::send_window::slot& s) { on_released(s.message); });
}

session::baggage& session::carry() {
    if (!baggage_) baggage_ = std::make_unique<baggage>();
    return *baggage_;
}

void session::attach(connection& to, const terms& agreed) {
    expects(link_ == nullptr, "a session has one connection");
    link_ = &to;
    terms_ = agreed;
    if (!baggage_) return;
    baggage_->away.reset();
    if (!baggage_->windows) return;
    baggage_->windows->set_quota(agreed.send_quota);
    to.lend(baggage_->windows->windows());
}

void session::detach() noexcept { link_ = nullptr; }

absence& session::go_away(session_keeper& keeper) {
    carry().away = std::make_unique<absence>(*this, keeper);
    baggage_->away->since = at_.loop.now();
    return *baggage_->away;
}

void session::set_will(std::unique_ptr<will_state> fresh) {
    if (fresh || baggage_) carry().will = std::move(fresh);
}

std::unique_ptr<will_state> session::take_will() noexcept {
    return baggage_ ? std::move(baggage_->will) : nullptr;
}

flight& session::windows() {
    auto& held = carry().windows;
    if (!held) {
        held = std::make_unique<flight>(terms_.send_quota);
        if (link_) link_->lend(held->windows());
    }
    return *held;
}

void session::deliver(outgoing& what, const target& how) {
    const message_view& seen = what.view();
    if (how.no_local && seen.publisher == serial_) return;
    mqtt::qos level = std::min(seen.level, how.maximum);
    if (at_.how.upgrade_outgoing_qos) level = how.maximum;
    send_or_queue(what, {.level = level, .retain = seen.retain && how.retain_as_published},
                  how.identifiers);
}

void session::deliver_retained(const message& what, const subscriber& how) {
    outgoing one{what};
    identifier_list identifiers;
    if (how.identifier != 0) identifiers.push_back(how.identifier);
    mqtt::qos level = std::min(one.view().level, how.maximum);
    if (at_.how.upgrade_outgoing_qos) level = how.maximum;
    send_or_queue(one, {.level = level, .retain = true}, identifiers);  // [MQTT-3.3.1-8]
}

void session::send_or_queue(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (!link_) {
        const bool is_kept =
            !is_transient() && (on.level != mqtt::qos::at_most_once || at_.how.queue_qos0_messages);
        if (is_kept) enqueue(what, on, identifiers);
        return;
    }
    // What waits goes first. [MQTT-5 4.6] Of QoS 0 something waits only where it is queued at all.
    const bool overtakes_nobody = queued() == 0 || !at_.how.queue_qos0_messages;
    if (on.level == mqtt::qos::at_most_once && overtakes_nobody) {
        if (link_->send(what, on, identifiers) != connection::outcome::written) drop();
        return;
    }
    if (queued() != 0 || !send_now(what, on, identifiers)) enqueue(what, on, identifiers);
}

bool session::send_now(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (!link_->has_room()) return false;
    // A session that ends with its connection never sends again, so its messages need not be kept.
    delivery* kept = nullptr;
    if (!is_transient()) {
        if (!windows().windows().sending.has_room()) return false;
        kept = at_.deliveries.emplace();
        if (!kept) return false;
        kept->what = what.own();
        kept->identifiers = identifiers;
        kept->level = on.level;
        kept->retain = on.retain;
        kept->was_sent = true;
    }
    stamp numbered = on;
    const auto id = windows().begin(on.level, reinterpret_cast<mqtt::token>(kept));
    if (!id) {
        if (kept) at_.deliveries.erase(*kept);
        return false;
    }
    numbered.id = *id;
    const connection::outcome became = link_->send(what, numbered, identifiers);
    if (became == connection::outcome::written) return true;
    auto& sending = windows().windows().sending;
    (void)(on.level == mqtt::qos::at_least_once ? sending.on_puback(*id)
                                                : sending.on_pubrec(*id, true));
    if (kept) at_.deliveries.erase(*kept);
    if (became == connection::outcome::no_room) return false;
    drop();
    return true;
}

/// At QoS 0. false: try again when there is room.
bool session::send_unnumbered(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (!link_->has_room()) return false;
    const connection::outcome became = link_->send(what, on, identifiers);
    if (became == connection::outcome::too_large) drop();
    return became != connection::outcome::no_room;
}

bool session::is_full(const outgoing& what) const noexcept {
    const auto& how = at_.how;
    if (!baggage_) return false;
    if (how.max_queued_messages != 0 && baggage_->queued >= how.max_queued_messages) return true;
    const std::uint64_t bytes = baggage_->queued_bytes + what.view().payload.size();
    return how.max_queued_bytes != 0 && bytes > how.max_queued_bytes;
}

void session::enqueue(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (is_full(what) || !what.own()) return drop();
    delivery* fresh = at_.deliveries.emplace();
    if (!fresh) return drop();
    fresh->what = what.own();
    fresh->identifiers = identifiers;
    fresh->level = on.level;
    fresh->retain = on.retain;
    baggage& mine = carry();
    mine.waiting.push_back(*fresh);
    ++mine.queued;
    mine.queued_bytes += what.view().payload.size();
    at_.count.messages_queued.add();
}

void session::drop() noexcept { at_.count.publish_messages_dropped.add(); }

void session::forget(delivery& done) noexcept {
    if (done.is_linked()) done.unlink();
    at_.deliveries.erase(done);
}

void session::on_released(mqtt::token message) {
    if (message != 0) forget(*reinterpret_cast<delivery*>(message));
}

void session::pump() {
    if (link_ && !resend_rest()) return;
    while (link_ && queued() != 0)
        if (!start(*baggage_->waiting.front())) return;
}

bool session::start(delivery& next) {
    const message_view seen = next.what.view();
    const std::size_t size = seen.payload.size();
    const bool is_expired = seen.expires <= at_.loop.now();  // [MQTT-3.3.2-5]
    outgoing what{next.what};
    const stamp on{.level = next.level, .retain = next.retain};
    if (!is_expired) {
        const bool is_done = on.level == mqtt::qos::at_most_once
                                 ? send_unnumbered(what, on, next.identifiers)
                                 : send_now(what, on, next.identifiers);
        if (!is_done) return false;
    }
    --baggage_->queued;
    baggage_->queued_bytes -= size;
    at_.count.messages_queued.subtract();
    forget(next);
    return true;
}

void session::resume() {
    if (baggage_ && baggage_->windows) {
        baggage_->windows->windows().sending.begin_connection();
        baggage_->is_resending = true;
    }
    pump();
}

/// A client may come back with a smaller Receive Maximum than what is in flight: the rest waits for
/// its answers. [MQTT-4.9.0-2] What it has to complete counts as well, which is more careful than
/// asked. false: some still wait.
bool session::resend_rest() {
    if (!baggage_ || !baggage_->is_resending) return true;
    using stage = mqtt::send_window::stage;
    auto& sending = baggage_->windows->windows().sending;
    std::uint32_t written = 0;
    sending.for_each(
        [&](mqtt::packet_id, mqtt::send_window::slot& at) { written += at.is_written; });
    bool is_whole = true;
    sending.for_each([&](mqtt::packet_id id, mqtt::send_window::slot& at) {
        if (at.is_written || !link_) return;
        const bool may_go =
            at.at == stage::wait_pubcomp || (is_whole && written < terms_.send_quota);
        is_whole = is_whole && may_go;
        if (!may_go) return;
        is_whole = resend(id, at) && is_whole;
        ++written;
    });
    baggage_->is_resending = !is_whole;
    return is_whole;
}

/// false: there is no room for it now.
bool session::resend(mqtt::packet_id id, mqtt::send_window::slot& at) {
    at.is_written = true;
    if (at.at == mqtt::send_window::stage::wait_pubcomp) {
        link_->send_pubrel(id);
        return true;
    }
    const auto* kept = reinterpret_cast<const delivery*>(at.message);
    if (!kept) return true;
    outgoing what{kept->what};
    const stamp on{.level = kept->level, .retain = kept->retain, .dup = true, .id = id};
    const connection::outcome became = link_->send(what, on, kept->identifiers);
    at.is_written = became != connection::outcome::no_room;
    if (became == connection::outcome::too_large) drop();
    return at.is_written;
}

}  // namespace nightjar::broker
