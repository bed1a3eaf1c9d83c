// PUBLISH, both ways: from the client to the router, and a message into the outbox.

#include <nightjar/mqtt/encode.hpp>

#include <array>

#include "../worker/worker.hpp"
#include "chronicle.hpp"
#include "connection.hpp"

namespace nightjar::broker {
namespace {

using mqtt::property_id;
using mqtt::reason;

constexpr std::size_t topic_bytes_max = 65535;
constexpr std::uint32_t waiting_max_when_low = 64 * 1024;  // near memory_limit

/// What concerns this connection alone does not travel on. [MQTT-3.3.2-8]
bool travels(property_id id) noexcept {
    return id != property_id::topic_alias && id != property_id::subscription_identifier;
}

bool all_travel(mqtt::properties props) noexcept {
    for (const mqtt::property& one : props)
        if (!travels(one.id)) return false;
    return true;
}

/// The list without what does not travel; `room` must hold at least as much.
mqtt::properties travelling(mqtt::properties props, bytes room) noexcept {
    mqtt::property_writer kept{room};
    for (const mqtt::property& one : props)
        if (travels(one.id)) kept.add(one);
    return kept.made();
}

/// With the topic's alias, the time that is left of Message Expiry Interval [MQTT-3.3.2-6], and the
/// subscriber's identifiers [MQTT-3.3.4-3].
mqtt::properties dressed(const message_view& what, instant now, std::uint16_t alias,
                         const identifier_list& identifiers, property_room& room) {
    room.resize(what.props.raw().size() + 5 * identifiers.size() + 3);
    mqtt::property_writer made{{room.data(), room.size()}};
    if (alias != 0) made.add(property_id::topic_alias, std::uint32_t{alias});
    for (const mqtt::property& one : what.props) {
        if (one.id != property_id::message_expiry_interval) {
            made.add(one);
            continue;
        }
        const auto left = std::chrono::ceil<std::chrono::seconds>(what.expires - now).count();
        made.add(one.id, static_cast<std::uint32_t>(std::max<std::int64_t>(left, 0)));
    }
    for (const std::uint32_t id : identifiers) made.add(property_id::subscription_identifier, id);
    return made.made();
}

}  // namespace

bool connection::on(const mqtt::publish& arrived) {
    counters& count = at_.shared().count;
    count.messages_received.add();
    count.publish_messages_received.add();
    count.publish_bytes_received.add(arrived.payload.size());
    say_received(at_.shared(), *this, arrived);
    if (arrived.level == mqtt::qos::exactly_once) at_.shared().work.spend(search_cost());
    mqtt::publish what = arrived;
    if (version() == mqtt::version::v5 && !resolve_alias(what)) return false;
    if (const auto most = at_.shared().how.message_size_limit;
        most != 0 && what.payload.size() > most) {
        return refuse(what, {reason::quota_exceeded, "larger than message_size_limit"});
    }
    if (is_too_much(what))
        return refuse(what, {reason::quota_exceeded, "the server is short of memory"});
    if (!rules_->how.mount_point.empty() && !mount(what.topic)) return false;

    message_view message{.topic = what.topic,
                         .payload = what.payload,
                         .props = what.props,
                         .level = what.level,
                         .retain = what.retain,
                         .publisher = session_->serial(),
                         .accepted = at_.shared().loop.now(),
                         .worker = static_cast<std::uint16_t>(at_.shared().index)};
    property_room room;
    if (!what.props.empty()) {
        if (!all_travel(what.props)) {
            room.resize(what.props.raw().size());
            message.props = travelling(what.props, {room.data(), room.size()});
        }
        if (const auto expiry_s = what.props.number(property_id::message_expiry_interval))
            message.expires = message.accepted + std::chrono::seconds(*expiry_s);
    }
    const std::uint64_t before = at_.shared().subscriptions.searched();
    const reason code = at_.messages().publish(message);
    at_.shared().work.spend_all(at_.shared().subscriptions.searched() - before);
    return committed(what, code);
}

/// The identifier of a QoS 2 message was looked for among all that the client has not released: a
/// 3.x client may have 65,535 of them.
std::uint32_t connection::search_cost() const noexcept {
    return static_cast<std::uint32_t>(session_->windows().windows().receiving.held() / 64);
}

/// What is to be kept is refused first; what removes a retained message makes room.
bool connection::is_too_much(const mqtt::publish& what) const noexcept {
    const memory_gauge& memory = at_.shared().memory;
    if (!what.retain) return memory.is_short();
    return !what.payload.empty() && memory.is_low();
}

/// Goes nowhere; the client is told where its version can say it. A 3.x client that a later try may
/// help is disconnected instead, so that it does try again.
bool connection::refuse(const mqtt::publish& what, const objection& why) {
    at_.shared().count.publish_messages_dropped.add();
    const bool may_retry = is_too_much(what);
    if (may_retry && version() != mqtt::version::v5 && what.level != mqtt::qos::at_most_once) {
        say_ended(at_.shared(), *this, why.code);
        end(why.code);
        // Else the session would take the repetition for one that is still being dealt with.
        (void)machine_.acknowledge(what.id, what.level, why.code);
        return false;
    }
    return committed(what, why.code, why.because);
}

/// The message is where it belongs, or refused: nothing of it can be lost any more by what it has
/// to be safe from. A store that has to write it down first calls this when it has; see "Seams" in
/// docs/architecture.md.
bool connection::committed(const mqtt::publish& what, reason code, std::string_view because) {
    if (what.level == mqtt::qos::at_most_once) return !closing_;
    std::array<byte, 128> room;
    if (!machine_.acknowledge(what.id, what.level, code, explain(because, room)))
        end(reason::quota_exceeded);
    else
        at_.shared().count.messages_sent.add();
    return !closing_;
}

bool connection::resolve_alias(mqtt::publish& what) {
    if (what.props.empty() && !what.topic.empty()) return true;
    const auto alias = what.props.number(property_id::topic_alias);
    if (!alias) return true;  // the decoder refuses an empty topic without one
    received_aliases& known = more().received;
    const auto number = static_cast<std::uint16_t>(*alias);
    if (!what.topic.empty()) {
        if (known.define(number, what.topic)) return true;
        end(reason::quota_exceeded, "the names of the topic aliases are too long in all");
        return false;
    }
    what.topic = known.find(number);
    if (!what.topic.empty()) return true;
    end(reason::protocol_error, "a topic alias that was never defined");  // [MQTT-5 3.3.2.3.4]
    return false;
}

/// A client that sends again after a reconnect may name its aliases by that.
bool connection::on(const mqtt::server_session::repeated& what) {
    mqtt::publish again = what.what;
    return resolve_alias(again);
}

/// The topic as the other listeners see it.
bool connection::mount(std::string_view& topic) {
    std::string& name = more().mounted;
    name.assign(rules_->how.mount_point).append(topic);
    topic = name;
    if (name.size() <= topic_bytes_max) return true;
    end(reason::topic_name_invalid, "too long behind the mount point");
    return false;
}

connection::outcome connection::send(outgoing& what, const stamp& on,
                                     const identifier_list& identifiers) {
    if (closing_ || gone_ || out_.bytes() > waiting_max()) return outcome::no_room;
    if (out_.bytes() > waiting_max_when_low && at_.shared().memory.is_low())
        return outcome::no_room;
    const message_view& seen = what.view();
    const std::size_t payload = seen.payload.size();
    const outcome became = !is_plain(seen, identifiers) ? send_dressed(what, on, identifiers)
                           : what.is_single()           ? send_plain(seen, on)
                                                        : send_form(what, on);
    if (became != outcome::written) return became;
    counters& count = at_.shared().count;
    ++publishes_;
    count.messages_sent.add();
    count.publish_messages_sent.add();
    count.publish_bytes_sent.add(payload);
    say_sent(at_.shared(), *this, seen, on);
    at_.shared().loop.mark_dirty(*this);
    return became;
}

/// Nothing in it is this client's alone.
bool connection::is_plain(const message_view& what,
                          const identifier_list& identifiers) const noexcept {
    if (!rules_->how.mount_point.empty()) return false;
    return version() != mqtt::version::v5 ||
           (identifiers.empty() && what.expires == never && sent_alias_max_ == 0);
}

/// As all others of this shape get it.
connection::outcome connection::send_form(outgoing& what, const stamp& on) {
    const outgoing::form* form = what.as(version(), on.level != mqtt::qos::at_most_once);
    if (!form || form->size > client_packet_max_) return outcome::too_large;
    return put(out_, *form, what.kept(), on) ? outcome::written : outcome::no_room;
}

/// The same bytes, made in place for one subscriber.
connection::outcome connection::send_plain(const message_view& what, const stamp& on) {
    return send_alone(what, version() == mqtt::version::v5 ? what.props : mqtt::properties{}, on);
}

/// With a topic and properties of its own. A topic's alias is defined by the first message that the
/// client really gets with it.
connection::outcome connection::send_dressed(outgoing& what, const stamp& on,
                                             const identifier_list& identifiers) {
    const bool by_reference = what.view().payload.size() >= outgoing::by_reference_from;
    const message* whole = by_reference ? &what.own() : nullptr;
    if (whole && !*whole) return outcome::no_room;
    message_view own = what.view();
    if (own.topic.starts_with(rules_->how.mount_point))
        own.topic.remove_prefix(rules_->how.mount_point.size());
    if (version() != mqtt::version::v5) return send_alone(own, {}, on, whole);

    sent_aliases::choice alias;
    // MQTT.js hands a QoS 2 message over at PUBREL, and has forgotten by then what an alias stood
    // for.
    if (sent_alias_max_ != 0 && on.level != mqtt::qos::exactly_once) {
        auto& book = more().sent;
        if (!book) book = std::make_unique<sent_aliases>(sent_alias_max_);
        alias = book->choose(own.topic);
    }
    property_room room;
    const instant now = at_.shared().loop.now();
    const std::string_view topic = own.topic;
    if (alias.number != 0 && !alias.is_new) own.topic = {};
    const auto props = dressed(own, now, alias.number, identifiers, room);
    outcome became = send_alone(own, props, on, whole);
    if (!alias.is_new) return became;
    if (became == outcome::written) extras_->sent->define(alias.number, topic);
    // Without the alias it is three bytes shorter.
    if (became == outcome::too_large)
        became = send_alone(own, dressed(own, now, 0, identifiers, room), on, whole);
    return became;
}

connection::outcome connection::send_alone(const message_view& what, mqtt::properties props,
                                           const stamp& on, const message* whole) {
    if (!fits(what, props, on)) return outcome::too_large;
    return put_alone(out_, what, props, version(), on, whole) ? outcome::written : outcome::no_room;
}

/// No packet is larger than the client said it takes. [MQTT-3.1.2-24]
bool connection::fits(const message_view& what, mqtt::properties props, const stamp& on) const {
    const std::size_t at_most = what.topic.size() + what.payload.size() + props.raw().size() + 16;
    if (at_most <= client_packet_max_) return true;
    const mqtt::publish packet{.topic = what.topic,
                               .payload = what.payload,
                               .props = props,
                               .id = on.id,
                               .level = on.level};
    return mqtt::size_of(packet, version()) <= client_packet_max_;
}

void connection::send_pubrel(mqtt::packet_id id) {
    if (!machine_.resend_pubrel(id)) return end(reason::quota_exceeded);
    at_.shared().count.messages_sent.add();
    note();
}

void connection::suback(const mqtt::suback& answer) {
    if (!machine_.suback(answer)) return end(reason::packet_too_large);
    at_.shared().count.messages_sent.add();
    note();
}

void connection::unsuback(const mqtt::unsuback& answer) {
    if (!machine_.unsuback(answer)) return end(reason::packet_too_large);
    at_.shared().count.messages_sent.add();
    note();
}

}  // namespace nightjar::broker
