// CONNECT: who may come in, where the client is at home, and what CONNACK promises.

#include <array>

#include "../worker/worker.hpp"
#include "chronicle.hpp"
#include "connection.hpp"

namespace nightjar::broker {
namespace {

using mqtt::property_id;
using mqtt::reason;

/// How long the session outlives the connection, as 5.0 says it. [MQTT-5 3.1.2.11.2],
/// [MQTT-3.1.1 3.1.2.4]
std::uint32_t expiry_of(const mqtt::connect& what) noexcept {
    if (what.version != mqtt::version::v5) return what.clean_start ? 0 : expiry_never;
    return what.props.number(property_id::session_expiry_interval).value_or(0);
}

}  // namespace

bool connection::on(const mqtt::connect& what, bytes_view packet, bytes_view rest) {
    if (!admit(what)) return false;
    const bool is_assigned = what.client_id.empty();
    const std::string id = is_assigned
                               ? at_.sessions().assigned_id(rules_->how.security.auto_id_prefix)
                               : std::string(what.client_id);
    const unsigned home = home_of(id, at_.shared().workers);
    if (home != at_.shared().index && !arrived_ && !is_assigned && hand_over(home, packet, rest))
        return false;

    const std::uint16_t asked =
        what.version == mqtt::version::v5
            ? static_cast<std::uint16_t>(
                  what.props.number(property_id::receive_maximum).value_or(65535))
            : std::uint16_t{65535};
    const std::uint16_t own = at_.shared().how.max_inflight_messages;
    const session::terms terms{.version = what.version,
                               .send_quota = own == 0 ? asked : std::min(asked, own),
                               .expiry_s = at_.sessions().bounded_expiry(expiry_of(what))};
    const auto found = at_.sessions().take(id, what.clean_start, *this, terms);
    session_ = found.who;
    if (what.version == mqtt::version::v5)
        client_packet_max_ =
            what.props.number(property_id::maximum_packet_size).value_or(0xFFFFFFFF);
    at_.sessions().set_will(*session_, what);
    welcome(what, found.was_present, is_assigned);
    at_.shared().count.clients_connected.add();
    say_connected(at_.shared(), *this, what);
    session_->resume();
    note();
    return !closing_;
}

bool connection::admit(const mqtt::connect& what) {
    const auto& rules = rules_->how.security;
    if (what.props.text(property_id::authentication_method))
        return refuse(reason::bad_authentication_method), false;
    if (!rules.allow_anonymous) return refuse(reason::not_authorized), false;
    if (!what.client_id.empty()) return true;
    // 3.1 knows no empty identifier; 3.1.1 allows it with a clean session only. [MQTT-3.1.3-8]
    const bool is_allowed = rules.allow_zero_length_clientid &&
                            (what.version == mqtt::version::v5 ||
                             (what.version == mqtt::version::v3_1_1 && what.clean_start));
    if (!is_allowed) refuse(reason::client_identifier_not_valid);
    return is_allowed;
}

void connection::refuse(reason why) {
    at_.shared().count.connections_refused.add();
    say_refused(at_.shared(), *this, why);
    machine_.refuse(why);
    close_after_write();
}

void connection::welcome(const mqtt::connect& what, bool was_present, bool is_assigned) {
    const auto& how = at_.shared().how;
    const std::uint16_t max = how.max_keepalive;
    const bool is_bounded = max != 0 && (what.keep_alive_s == 0 || what.keep_alive_s > max);
    const std::uint16_t keep_alive_s = is_bounded ? max : what.keep_alive_s;
    std::array<byte, 1024> room;
    mqtt::property_writer props{room};
    if (what.version == mqtt::version::v5) {
        // In the order that clients of Mosquitto's have come to know.
        props.add(property_id::topic_alias_maximum,
                  std::uint32_t{rules_->policy.topic_alias_maximum});
        if (how.max_packet_size != 0)
            props.add(property_id::maximum_packet_size,
                      std::uint32_t{rules_->policy.in.packet_max});
        if (rules_->policy.receive_maximum != 65535)
            props.add(property_id::receive_maximum, std::uint32_t{rules_->policy.receive_maximum});
        if (is_assigned)
            props.add(property_id::assigned_client_identifier,
                      std::string_view{session_->client_id()});
        if (is_bounded) props.add(property_id::server_keep_alive, std::uint32_t{keep_alive_s});
        if (session_->agreed().expiry_s != expiry_of(what))
            props.add(property_id::session_expiry_interval, session_->agreed().expiry_s);
        if (rules_->how.max_qos < 2)
            props.add(property_id::maximum_qos, std::uint32_t{rules_->how.max_qos});
        if (!rules_->policy.retain_available)
            props.add(property_id::retain_available, std::uint32_t{0});
        props.add(property_id::shared_subscription_available, std::uint32_t{0});
    }
    const mqtt::connack answer{
        .session_present = was_present, .code = reason::success, .props = props.made()};
    if (!machine_.accept(answer, keep_alive_s)) return end(reason::packet_too_large);
    watch_deadline();
}

bool connection::hand_over(unsigned home, bytes_view packet, bytes_view rest) {
    auto parcel = std::make_unique<arrival>();
    parcel->read.assign(packet.begin(), packet.end());
    parcel->read.insert(parcel->read.end(), rest.begin(), rest.end());
    leaving_with_ = &parcel->read;
    parcel->socket = stream_->release();
    leaving_with_ = nullptr;
    if (!parcel->socket)
        return false;  // this engine cannot: the connection stays, and so does its session
    parcel->door = door_;
    parcel->from = at_.shared().index;
    gone_ = true;
    stream_ = nullptr;
    timer::cancel();
    at_.send_arrival(home, std::move(parcel));
    at_.bury(*this);
    return true;
}

}  // namespace nightjar::broker
