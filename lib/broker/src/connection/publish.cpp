// PUBLISH, both ways: from the client to the router, and a message into the outbox.

#include <array>

#include <nightjar/mqtt/encode.hpp>

#include "../worker/worker.hpp"
#include "connection.hpp"

namespace nightjar::broker {
namespace {

using mqtt::property_id;
using mqtt::reason;

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

/// With the time that is left of Message Expiry Interval [MQTT-3.3.2-6] and the subscriber's
/// identifiers [MQTT-3.3.4-3].
mqtt::properties dressed(const message_view& what, instant now, const identifier_list& identifiers,
                         std::vector<byte>& room) {
    room.resize(what.props.raw().size() + 5 * identifiers.size());
    mqtt::property_writer made{room};
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
    if (const auto most = at_.shared().how.message_size_limit;
        most != 0 && arrived.payload.size() > most) {
        return refuse(arrived, reason::quota_exceeded);
    }
    mqtt::publish what = arrived;
    if (version() == mqtt::version::v5 && !resolve_alias(what)) return false;

    message_view message{.topic = what.topic,
                         .payload = what.payload,
                         .props = what.props,
                         .level = what.level,
                         .retain = what.retain,
                         .publisher = session_->serial(),
                         .accepted = at_.shared().loop.now(),
                         .worker = static_cast<std::uint16_t>(at_.shared().index)};
    std::vector<byte> room;
    if (!what.props.empty()) {
        if (!all_travel(what.props)) {
            room.resize(what.props.raw().size());
            message.props = travelling(what.props, room);
        }
        if (const auto expiry_s = what.props.number(property_id::message_expiry_interval))
            message.expires = message.accepted + std::chrono::seconds(*expiry_s);
    }
    const reason code = at_.messages().publish(message);
    if (what.level != mqtt::qos::at_most_once) acknowledge(what, code);
    return !closing_;
}

/// Goes nowhere; the client is told where its version can say it.
bool connection::refuse(const mqtt::publish& what, reason code) {
    at_.shared().count.publish_messages_dropped.add();
    if (what.level != mqtt::qos::at_most_once) acknowledge(what, code);
    return !closing_;
}

void connection::acknowledge(const mqtt::publish& what, reason code) {
    if (!machine_.acknowledge(what.id, what.level, code)) end(reason::quota_exceeded);
}

bool connection::resolve_alias(mqtt::publish& what) {
    if (what.props.empty() && !what.topic.empty()) return true;
    const auto alias = what.props.number(property_id::topic_alias);
    if (!alias) return true;  // the decoder refuses an empty topic without one
    if (!aliases_)
        aliases_ = std::make_unique<std::vector<std::string>>(rules_->policy.topic_alias_maximum);
    std::string& name = (*aliases_)[*alias - 1];
    if (!what.topic.empty()) name = what.topic;
    if (name.empty()) {
        end(reason::protocol_error);  // [MQTT-5 3.3.2.3.4]: an alias without a name
        return false;
    }
    what.topic = name;
    return true;
}

connection::outcome connection::send(outgoing& what, const stamp& on,
                                     const identifier_list& identifiers) {
    if (closing_ || gone_) return outcome::no_room;
    const message_view& seen = what.view();
    const bool is_v5 = version() == mqtt::version::v5;
    const bool is_bare = !is_v5 || (identifiers.empty() && seen.expires == never);
    const std::size_t payload = seen.payload.size();
    const outcome became = !is_bare           ? send_dressed(seen, on, identifiers)
                           : what.is_single() ? send_plain(seen, on)
                                              : send_form(what, on);
    if (became != outcome::written) return became;
    counters& count = at_.shared().count;
    count.publish_messages_sent.add();
    count.publish_bytes_sent.add(payload);
    at_.shared().loop.mark_dirty(*this);
    return became;
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

/// With properties of its own.
connection::outcome connection::send_dressed(const message_view& what, const stamp& on,
                                             const identifier_list& identifiers) {
    std::vector<byte> room;
    return send_alone(what, dressed(what, at_.shared().loop.now(), identifiers, room), on);
}

connection::outcome connection::send_alone(const message_view& what, mqtt::properties props,
                                           const stamp& on) {
    if (!fits(what, props, on)) return outcome::too_large;
    return put_alone(out_, what, props, version(), on) ? outcome::written : outcome::no_room;
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
    note();
}

void connection::suback(const mqtt::suback& answer) {
    if (!machine_.suback(answer)) return end(reason::quota_exceeded);
    note();
}

void connection::unsuback(const mqtt::unsuback& answer) {
    if (!machine_.unsuback(answer)) return end(reason::quota_exceeded);
    note();
}

}  // namespace nightjar::broker
