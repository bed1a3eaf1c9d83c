#include "session_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../connection/connection.hpp"

namespace nightjar::broker {

using mqtt::property_id;

unsigned home_of(std::string_view client_id, unsigned workers) noexcept {
    // FNV-1a: the same on every run and machine, as a store that is shared out by home will need.
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : client_id) hash = (hash ^ static_cast<byte>(c)) * 1099511628211U;
    return static_cast<unsigned>((hash ^ hash >> 32) % workers);
}

session_table::session_table(context& at, switchboard& messages, subscription_desk& desk,
                             std::uint64_t seed) noexcept
    : at_(at), messages_(messages), desk_(desk), random_(seed), sessions_(connections_max, heap) {}

session_table::taken session_table::take(std::string_view client_id, bool clean_start,
                                         connection& by, const session::terms& agreed) {
    const auto found = by_id_.find(client_id);
    session* who = found == by_id_.end() ? nullptr : *found;
    if (who) {
        if (who->link())
            take_over(*who, clean_start);
        else if (clean_start)
            publish_will(*who);  // the session ends now, before its will's delay [MQTT-3.1.3-9]
        if (clean_start || who->is_transient()) {
            if (who->away()) at_.count.clients_disconnected.subtract();
            end(*who);
            who = nullptr;
        }
    }
    const bool was_present = who != nullptr;
    if (!who) {
        who = sessions_.emplace(at_, std::string(client_id),
                                std::uint64_t{at_.index + 1} << 48 | ++made_);
        expects(who != nullptr, "there is room for a session");
        by_id_.insert(who);
    } else if (who->away()) {
        at_.count.clients_disconnected.subtract();
    }
    who->set_will(nullptr);
    who->attach(by, agreed);
    desk_.note_presence(*who);
    return {who, was_present};
}

void session_table::take_over(session& of, bool clean_start) {
    connection& old = *of.link();
    at_.log(log_config::notice, "Client {} already connected, closing old connection.",
            of.client_id());
    of.detach();
    old.disown();
    old.end(mqtt::reason::session_taken_over);
    at_.count.clients_connected.subtract();
    // The will of the lost connection is due, unless it waits and the session goes on.
    // [MQTT-3.1.2-8], [MQTT-5 3.1.3.2.2]
    const bool goes_on = !clean_start && !of.is_transient();
    if (!(goes_on && of.will() && of.will()->delay > duration::zero())) publish_will(of);
}

void session_table::set_will(session& of, const mqtt::connect& what) {
    of.set_will(nullptr);
    if (!what.last_will) return;
    const mqtt::will& asked = *what.last_will;
    std::vector<byte> room(asked.props.raw().size());
    mqtt::property_writer props{room};
    for (const mqtt::property& one : asked.props)
        if (one.id != property_id::will_delay_interval) props.add(one);
    auto made = std::make_unique<will_state>();
    made->delay =
        std::chrono::seconds(asked.props.number(property_id::will_delay_interval).value_or(0));
    made->what = message::copy_of({.topic = asked.topic,
                                   .payload = asked.payload,
                                   .props = props.made(),
                                   .level = asked.level,
                                   .retain = asked.retain,
                                   .publisher = of.serial(),
                                   .worker = static_cast<std::uint16_t>(at_.index)});
    if (made->what) of.set_will(std::move(made));
}

void session_table::publish_will(session& of) {
    const auto last = of.take_will();
    if (!last) return;
    message_view what = last->what.view();
    what.accepted = at_.loop.now();
    if (const auto expiry_s = what.props.number(property_id::message_expiry_interval))
        what.expires = what.accepted + std::chrono::seconds(*expiry_s);
    (void)messages_.publish(what);
}

void session_table::publish_all_wills() {
    sessions_.for_each([this](session& one) { publish_will(one); });
}

void session_table::on_disconnect(session& of, const mqtt::disconnect& what) {
    if (what.code == mqtt::reason::success) of.set_will(nullptr);  // [MQTT-3.14.4-3]
    if (const auto expiry_s = what.props.number(property_id::session_expiry_interval))
        of.set_expiry(bounded_expiry(*expiry_s));
}

void session_table::on_gone(session& of) {
    of.detach();
    if (of.is_transient()) {
        publish_will(of);
        return end(of);
    }
    if (of.will() && of.will()->delay == duration::zero()) publish_will(of);
    at_.count.clients_disconnected.add();
    of.go_away(*this);
    desk_.note_presence(of);
    pass_on_shared(of, false);
    wait(of);
}

/// [MQTT-5 4.8.2]: what another member of a shared subscription may get instead of this one.
void session_table::pass_on_shared(session& of, bool has_ended) {
    std::vector<shared_leftover> left;
    of.give_up_shared(has_ended, left);
    messages_.pass_on(left);
}

void session_table::wait(session& of) {
    const instant since = of.away()->since;
    instant until = never;
    if (of.agreed().expiry_s != expiry_never)
        until = since + std::chrono::seconds(of.agreed().expiry_s);
    if (of.will()) until = std::min(until, since + of.will()->delay);
    if (until != never) at_.loop.timers().arm(*of.away(), until);
}

void session_table::on_absence_over(session& who) noexcept {
    const auto expiry_s = who.agreed().expiry_s;
    publish_will(who);
    const bool is_over = expiry_s != expiry_never &&
                         who.away()->since + std::chrono::seconds(expiry_s) <= at_.loop.now();
    if (!is_over) return wait(who);
    at_.log(log_config::notice, "Expiring client {} due to timeout.", who.client_id());
    at_.count.clients_disconnected.subtract();
    at_.count.clients_expired.add();
    end(who);
}

void session_table::end(session& over) {
    over.say_lost();
    desk_.drop_all(over);
    pass_on_shared(over, true);
    by_id_.erase(&over);
    sessions_.erase(over);
}

presence session_table::presence_of(std::string_view client_id) const {
    const auto found = by_id_.find(client_id);
    if (found == by_id_.end()) return {};
    return {.connected = (*found)->link() ? 1U : 0U, .known = 1};
}

std::string session_table::assigned_id(std::string_view prefix) {
    while (true) {
        const std::uint64_t high = random_(), low = random_();
        // A version 4 UUID. [RFC 9562 5.4]
        std::string id = fmt::format("{}{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", prefix, high >> 32,
                                     high >> 16 & 0xFFFF, high & 0xFFF,
                                     0x8000 | (low >> 48 & 0x3FFF), low & 0xFFFF'FFFF'FFFF);
        if (home_of(id, at_.workers) == at_.index && !by_id_.contains(std::string_view{id}))
            return id;
    }
}

std::uint32_t session_table::bounded_expiry(std::uint32_t asked_s) const noexcept {
    const auto max = at_.how.persistent_client_expiration.count();
    if (max <= 0 || asked_s <= max) return asked_s;
    return static_cast<std::uint32_t>(std::min<std::int64_t>(max, expiry_never));
}

}  // namespace nightjar::broker
