#include "session.hpp"

#include <algorithm>

#include "../connection/connection.hpp"

namespace nightjar::broker {
namespace {

constexpr duration keeps_up_after = 5s;  // without a loss

}  // namespace

session::session(context& at, std::string client_id, session_serial serial)
    : at_(at), client_id_(std::move(client_id)), serial_(serial) {}

session::~session() {
    if (!baggage_) return;
    while (delivery* one = baggage_->waiting.pop_front()) forget(*one);
    at_.count.messages_queued.subtract(baggage_->queued);
    at_.count.bytes_queued.subtract(baggage_->queued_bytes);
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
    baggage_->is_catching_up = baggage_->queued != 0;
    if (!baggage_->windows) return;
    baggage_->windows->set_quota(agreed.send_quota);
    to.lend(baggage_->windows->windows());
}

void session::detach() {
    link_ = nullptr;
    purge_unkept();
    say_lost();
}

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
    const bool retain = seen.retain && how.retain_as_published;
    send_or_queue(what, {.level = level, .retain = retain, .share = how.share}, how.identifiers);
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
    at_.work.spend();
    if (!link_) {
        const bool is_kept =
            !is_transient() && (on.level != mqtt::qos::at_most_once || at_.how.queue_qos0_messages);
        if (is_kept) enqueue(what, on, identifiers);
        return;
    }
    // What waits goes first. [MQTT-5 4.6] Of QoS 0 something waits only where it is queued at all.
    const bool waits = queued() != 0;
    if (on.level == mqtt::qos::at_most_once && !queues_all()) {
        const send_outcome became = link_->send(what, on, identifiers);
        if (became == send_outcome::too_large)
            lose(loss::packet_size);
        else if (became == send_outcome::no_room)
            lose(at_.memory.is_low() ? loss::memory : loss::slow_reader);
        return;
    }
    const bool is_sent =
        !waits && (on.level == mqtt::qos::at_most_once ? send_unnumbered(what, on, identifiers)
                                                       : send_now(what, on, identifiers));
    if (!is_sent) enqueue(what, on, identifiers);
}

/// QoS 0 as well: told to, or to have something old to drop.
bool session::queues_all() const noexcept {
    return at_.how.queue_qos0_messages ||
           terms_.when_slow == listener_config::slow_policy::drop_oldest;
}

bool session::send_now(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    const std::size_t payload = what.view().payload.size();
    if (!link_->has_room() || !has_flight_room(payload)) return false;
    // A session that ends with its connection never sends again, so its messages need not be kept,
    // unless they are weighed, or another member of a shared subscription may get them then.
    delivery* kept = nullptr;
    if (!is_transient() || at_.how.max_inflight_bytes != 0 || on.share != 0) {
        kept = keep(what, on, identifiers);
        if (!kept) return false;
        kept->was_sent = true;
    }
    stamp numbered = on;
    const auto id = windows().begin(on.level, reinterpret_cast<mqtt::token>(kept));
    if (!id) {
        if (kept) at_.deliveries.erase(*kept);
        return false;
    }
    numbered.id = *id;
    const send_outcome became = link_->send(what, numbered, identifiers);
    if (became == send_outcome::written) {
        if (kept) baggage_->flying_bytes += payload;
        return true;
    }
    auto& sending = windows().windows().sending;
    (void)(on.level == mqtt::qos::at_least_once ? sending.on_puback(*id)
                                                : sending.on_pubrec(*id, true));
    if (kept) at_.deliveries.erase(*kept);
    if (became == send_outcome::no_room) return false;
    lose(loss::packet_size);
    return true;
}

/// A window that is full need not be tried; of the bytes, one message may always fly.
bool session::has_flight_room(std::size_t payload) {
    const std::uint64_t most = at_.how.max_inflight_bytes;
    if (most != 0 && baggage_ && baggage_->flying_bytes != 0 &&
        baggage_->flying_bytes + payload > most) {
        return false;
    }
    return windows().has_room();
}

/// At QoS 0. false: try again when there is room.
bool session::send_unnumbered(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (!link_->has_room()) return false;
    const send_outcome became = link_->send(what, on, identifiers);
    if (became == send_outcome::too_large) lose(loss::packet_size);
    return became != send_outcome::no_room;
}

bool session::has_room() const noexcept {
    if (!link_ || queued() != 0 || !link_->has_room()) return false;
    return !baggage_ || !baggage_->windows || baggage_->windows->has_room();
}

void session::give_up_shared(bool and_sent, std::vector<shared_leftover>& target) {
    if (!baggage_) return;
    if (and_sent && baggage_->windows) {
        baggage_->windows->windows().sending.for_each(
            [&](mqtt::packet_id, mqtt::send_window::slot& at) {
                if (at.at != mqtt::send_window::stage::wait_puback || at.message == 0) return;
                const auto& sent = *reinterpret_cast<const delivery*>(at.message);
                if (sent.share != 0) target.push_back({sent.what, sent.share});
            });
    }
    for (auto at = baggage_->waiting.begin(); at != baggage_->waiting.end();) {
        delivery& one = *at++;
        if (one.share == 0) continue;
        target.push_back({one.what, one.share});
        leave_queue(one);
    }
}

/// Null where there is no memory.
delivery* session::keep(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    if (!what.own()) return nullptr;
    delivery* fresh = at_.deliveries.emplace();
    if (!fresh) return nullptr;
    fresh->what = what.own();
    fresh->identifiers = identifiers;
    fresh->level = on.level;
    fresh->retain = on.retain;
    fresh->share = on.share;
    return fresh;
}

// --- the queue -----------------------------------------------------------------------------------

/// The limit that one more message would pass.
std::optional<loss> session::fullness(std::size_t payload) const noexcept {
    const auto& how = at_.how;
    if (at_.memory.is_low()) return loss::memory;
    if (!baggage_) return {};
    if (how.max_queued_messages != 0 && baggage_->queued >= how.max_queued_messages)
        return loss::queue_messages;
    const std::uint64_t bytes = baggage_->queued_bytes + payload;
    if (how.max_queued_bytes != 0 && bytes > how.max_queued_bytes) return loss::queue_bytes;
    return {};
}

/// False: the newest is the one to go.
bool session::make_room(std::size_t payload) {
    while (const auto full = fullness(payload)) {
        const bool may_drop = terms_.when_slow == listener_config::slow_policy::drop_oldest;
        if (!may_drop || queued() == 0) return lose(*full), false;
        leave_queue(*baggage_->waiting.front());
        lose(*full);
    }
    return true;
}

void session::enqueue(outgoing& what, const stamp& on, const identifier_list& identifiers) {
    const std::size_t payload = what.view().payload.size();
    if (!make_room(payload)) return;
    delivery* fresh = keep(what, on, identifiers);
    if (!fresh) return lose(loss::memory);
    baggage& mine = carry();
    mine.waiting.push_back(*fresh);
    ++mine.queued;
    mine.queued_bytes += payload;
    at_.count.messages_queued.add();
    at_.count.bytes_queued.add(payload);
}

void session::leave_queue(delivery& one) noexcept {
    const std::size_t payload = one.what.view().payload.size();
    --baggage_->queued;
    baggage_->queued_bytes -= payload;
    if (baggage_->queued == 0) baggage_->is_catching_up = false;
    at_.count.messages_queued.subtract();
    at_.count.bytes_queued.subtract(payload);
    forget(one);
}

/// QoS 0 waits for a connection to have room, and not for one to come.
void session::purge_unkept() noexcept {
    if (queued() == 0 || at_.how.queue_qos0_messages) return;
    delivery_list kept;
    while (delivery* one = baggage_->waiting.front()) {
        if (one->level == mqtt::qos::at_most_once) {
            leave_queue(*one);
            continue;
        }
        one->unlink();
        kept.push_back(*one);
    }
    baggage_->waiting.splice(kept);
}

void session::forget(delivery& done) noexcept {
    if (done.is_linked()) done.unlink();
    at_.deliveries.erase(done);
}

// --- losses --------------------------------------------------------------------------------------

void session::lose(loss why) {
    at_.count.publish_messages_dropped.add();
    at_.count.lost[static_cast<std::size_t>(why)].add();
    auto& record = carry().lost;
    if (!record) {
        record = std::make_unique<loss_record>();
        at_.log(log_config::notice, "Outgoing messages are being dropped for client {}: {}.",
                client_id_, describe(why));
    }
    record->add(why, at_.loop.now());
    // Whoever comes back to a full queue would be sent away with the next message, each time.
    const bool is_slow = why != loss::packet_size && !baggage_->is_catching_up;
    if (link_ && is_slow && terms_.when_slow == listener_config::slow_policy::disconnect)
        link_->end(mqtt::reason::quota_exceeded, describe(why));
}

void session::say_lost() {
    if (!baggage_ || !baggage_->lost) return;
    at_.log(log_config::notice, "Client {} did not get {}.", client_id_, baggage_->lost->text());
    baggage_->lost.reset();
}

void session::on_drained() {
    if (!baggage_) return;
    if (baggage_->queued != 0) pump();
    // Whoever falls behind again and again is not worth a line each time.
    if (baggage_->lost && baggage_->queued == 0 &&
        at_.loop.now() - baggage_->lost->last >= keeps_up_after)
        say_lost();
}

// --- on its way ----------------------------------------------------------------------------------

void session::on_released(mqtt::token message) {
    if (message == 0) return;
    auto& done = *reinterpret_cast<delivery*>(message);
    baggage_->flying_bytes -= done.what.view().payload.size();
    forget(done);
}

void session::pump() {
    if (link_ && !resend_rest()) return;
    while (link_ && queued() != 0)
        if (!start(*baggage_->waiting.front())) return;
    if (baggage_ && baggage_->windows) baggage_->windows->settle();
}

bool session::start(delivery& next) {
    at_.work.spend();
    const message_view seen = next.what.view();
    const bool is_expired = seen.expires <= at_.loop.now();  // [MQTT-3.3.2-5]
    outgoing what{next.what};
    const stamp on{.level = next.level, .retain = next.retain, .share = next.share};
    if (!is_expired) {
        const bool is_done = on.level == mqtt::qos::at_most_once
                                 ? send_unnumbered(what, on, next.identifiers)
                                 : send_now(what, on, next.identifiers);
        if (!is_done) return false;
    }
    leave_queue(next);
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
    absl::InlinedVector<mqtt::packet_id, 8> outgrown;
    sending.for_each([&](mqtt::packet_id id, mqtt::send_window::slot& at) {
        if (at.is_written || !link_) return;
        const bool may_go =
            at.at == stage::wait_pubcomp || (is_whole && written < terms_.send_quota);
        is_whole = is_whole && may_go;
        if (!may_go) return;
        const send_outcome became = resend(id, at);
        at.is_written = became == send_outcome::written;
        if (became == send_outcome::too_large) return outgrown.push_back(id);
        is_whole = is_whole && at.is_written;
        ++written;
    });
    for (const mqtt::packet_id id : outgrown) give_up(id);
    baggage_->is_resending = !is_whole;
    return is_whole;
}

send_outcome session::resend(mqtt::packet_id id, const mqtt::send_window::slot& at) {
    if (at.at == mqtt::send_window::stage::wait_pubcomp) {
        link_->send_pubrel(id);
        return send_outcome::written;
    }
    const auto* kept = reinterpret_cast<const delivery*>(at.message);
    if (!kept) return send_outcome::written;
    outgoing what{kept->what};
    const stamp on{.level = kept->level, .retain = kept->retain, .dup = true, .id = id};
    return link_->send(what, on, kept->identifiers);
}

/// The client came back with a Maximum Packet Size below a message in flight: that counts as
/// delivered. [MQTT-3.1.2-25] Of QoS 2 it may have got the first PUBLISH, and then its side of the
/// flight is ended by the PUBREL that it waits for; else it answers "not found" and all is well.
void session::give_up(mqtt::packet_id id) {
    auto& sending = baggage_->windows->windows().sending;
    auto done = sending.on_puback(id);
    if (!done.is_known) {
        done = sending.on_pubrec(id, false);
        link_->send_pubrel(id);
    }
    on_released(done.message);
    lose(loss::packet_size);
}

}  // namespace nightjar::broker
