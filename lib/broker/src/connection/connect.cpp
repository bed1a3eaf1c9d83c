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
    learn(what);
    if (const auto no = objection_to(what)) return refuse(*no), false;
    const std::string id = name_for(what);
    const unsigned home = home_of(id, at_.shared().workers);
    const bool is_at_home = home == at_.shared().index || arrived_;
    if (!is_at_home && hand_over(home, packet, rest)) return false;
    if (const auto no = crowded(id)) return refuse(*no), false;

    const auto asked =
        static_cast<std::uint16_t>(what.props.number(property_id::receive_maximum).value_or(65535));
    const std::uint16_t own = at_.shared().how.max_inflight_messages;
    const session::terms terms{.version = what.version,
                               .when_slow = rules_->how.slow_subscriber_policy,
                               .send_quota = own == 0 ? asked : std::min(asked, own),
                               .expiry_s = at_.sessions().bounded_expiry(expiry_of(what))};
    const auto found = at_.sessions().take(id, what.clean_start, *this, terms);
    session_ = found.who;
    set_will(what);
    welcome(what, found.was_present);
    at_.shared().count.clients_connected.add();
    at_.shared().count.connects.add();
    say_connected(at_.shared(), *this, what);
    session_->resume();
    note();
    return !closing_;
}

/// What of a CONNECT concerns the connection and not the session.
void connection::learn(const mqtt::connect& what) {
    if (what.version != mqtt::version::v5) return;
    client_packet_max_ = what.props.number(property_id::maximum_packet_size).value_or(0xFFFFFFFF);
    sent_alias_max_ = static_cast<std::uint16_t>(
        std::min<std::uint32_t>(what.props.number(property_id::topic_alias_maximum).value_or(0),
                                rules_->how.max_topic_alias_broker));
    is_terse_ = what.props.number(property_id::request_problem_information).value_or(1) == 0;
}

// --- who may come in -----------------------------------------------------------------------------

std::optional<connection::objection> connection::objection_to(const mqtt::connect& what) const {
    if (!rules_->how.accepts(static_cast<unsigned>(what.version)))
        return objection{reason::unsupported_protocol_version,
                         "this listener does not accept this version of MQTT"};
    if (what.props.text(property_id::authentication_method))
        return objection{reason::bad_authentication_method,
                         "no extended authentication method is known here"};
    if (!rules_->how.security.allow_anonymous)
        return objection{reason::not_authorized, "anonymous clients are not allowed"};
    if (const auto no = objection_to_name(what)) return no;
    const std::uint16_t most_s = at_.shared().how.max_keepalive;
    const bool is_too_long = what.keep_alive_s == 0 || what.keep_alive_s > most_s;
    // A 3.x client cannot be told another keep-alive, only that this CONNECT is not welcome.
    if (most_s != 0 && is_too_long && what.version != mqtt::version::v5)
        return objection{reason::client_identifier_not_valid, {}};
    const std::uint32_t size_max = at_.shared().how.message_size_limit;
    if (size_max != 0 && what.last_will && what.last_will->payload.size() > size_max)
        return objection{reason::packet_too_large, "the will is larger than message_size_limit"};
    return {};
}

std::optional<connection::objection> connection::objection_to_name(
    const mqtt::connect& what) const {
    const auto& how = rules_->how;
    if (how.use_username_as_clientid) {
        if (!what.user_name.value_or(std::string_view{}).empty()) return {};
        return objection{reason::not_authorized,
                         "a user name is needed, for the client identifier"};
    }
    const std::string& prefix = at_.shared().how.clientid_prefixes;
    if (!what.client_id.starts_with(prefix))
        return objection{reason::not_authorized, "this client identifier is not allowed"};
    if (!what.client_id.empty()) return {};
    // 3.1 knows no empty identifier; 3.1.1 allows it with a clean session only. [MQTT-3.1.3-8]
    const bool is_allowed = how.security.allow_zero_length_clientid &&
                            (what.version == mqtt::version::v5 ||
                             (what.version == mqtt::version::v3_1_1 && what.clean_start));
    if (is_allowed) return {};
    return objection{reason::client_identifier_not_valid, "a client identifier is needed"};
}

std::string connection::name_for(const mqtt::connect& what) {
    if (rules_->how.use_username_as_clientid) return std::string(*what.user_name);
    if (!what.client_id.empty()) return std::string(what.client_id);
    return at_.sessions().assigned_id(rules_->how.security.auto_id_prefix);
}

/// The broker is full. Whoever has a place already may come back to it.
std::optional<connection::objection> connection::crowded(std::string_view client_id) const {
    const context& at = at_.shared();
    if (at.memory.is_short())
        return objection{reason::server_busy, "the server is short of memory"};
    const auto& how = at.how;
    if (how.global_max_connections < 0 && how.global_max_clients < 0) return {};
    const presence now = at.all->count();
    const presence held = at_.sessions().presence_of(client_id);
    if (how.global_max_connections >= 0 &&
        now.connected - held.connected >= static_cast<std::uint64_t>(how.global_max_connections))
        return objection{reason::server_busy, "global_max_connections is reached"};
    if (how.global_max_clients >= 0 &&
        now.known - held.known >= static_cast<std::uint64_t>(how.global_max_clients))
        return objection{reason::quota_exceeded, "global_max_clients is reached"};
    return {};
}

void connection::refuse(const objection& why) {
    at_.shared().count.connections_refused.add();
    say_refused(at_.shared(), *this, why.code);
    std::array<byte, 128> room;
    machine_.refuse(why.code, explain(why.because, room));
    close_after_write();
}

/// A reason in words, where the client wants it and takes a packet of this size.
mqtt::properties connection::explain(std::string_view because, bytes room) const noexcept {
    const std::size_t packet_max = because.size() + 16;
    if (because.empty() || version() != mqtt::version::v5 || is_terse_ ||
        packet_max > client_packet_max_)
        return {};
    mqtt::property_writer words{room};
    words.add(property_id::reason_string, because);
    return words.ok() ? words.made() : mqtt::properties{};
}

// --- what was agreed -----------------------------------------------------------------------------

/// With the topic as the other listeners see it.
void connection::set_will(const mqtt::connect& what) {
    mqtt::connect asked = what;
    if (asked.last_will && !rules_->how.mount_point.empty() && !mount(asked.last_will->topic))
        asked.last_will.reset();
    at_.sessions().set_will(*session_, asked);
}

void connection::welcome(const mqtt::connect& what, bool was_present) {
    const auto& how = at_.shared().how;
    const std::uint16_t max = how.max_keepalive;
    const bool is_bounded = max != 0 && (what.keep_alive_s == 0 || what.keep_alive_s > max);
    const std::uint16_t keep_alive_s = is_bounded ? max : what.keep_alive_s;
    property_room room;
    room.resize(64 + session_->client_id().size());
    mqtt::property_writer props{{room.data(), room.size()}};
    if (what.version == mqtt::version::v5) {
        // In the order that clients of Mosquitto's have come to know.
        if (rules_->policy.topic_alias_maximum != 0)
            props.add(property_id::topic_alias_maximum,
                      std::uint32_t{rules_->policy.topic_alias_maximum});
        if (how.max_packet_size != 0)
            props.add(property_id::maximum_packet_size,
                      std::uint32_t{rules_->policy.in.packet_max});
        if (rules_->policy.receive_maximum != 65535)
            props.add(property_id::receive_maximum, std::uint32_t{rules_->policy.receive_maximum});
        if (what.client_id.empty())
            props.add(property_id::assigned_client_identifier,
                      std::string_view{session_->client_id()});
        if (is_bounded) props.add(property_id::server_keep_alive, std::uint32_t{keep_alive_s});
        if (session_->agreed().expiry_s != expiry_of(what))
            props.add(property_id::session_expiry_interval, session_->agreed().expiry_s);
        if (rules_->how.max_qos < 2)
            props.add(property_id::maximum_qos, std::uint32_t{rules_->how.max_qos});
        if (!rules_->policy.retain_available)
            props.add(property_id::retain_available, std::uint32_t{0});
    }
    const mqtt::connack answer{
        .session_present = was_present, .code = reason::success, .props = props.made()};
    if (!machine_.accept(answer, keep_alive_s)) return end(reason::packet_too_large);
    at_.shared().count.messages_sent.add();
    watch_deadline();
}

bool connection::hand_over(unsigned home, bytes_view packet, bytes_view rest) {
    auto parcel = std::make_unique<arrival>();
    parcel->read.assign(packet.begin(), packet.end());
    parcel->read.insert(parcel->read.end(), rest.begin(), rest.end());
    more().leaving_with = &parcel->read;
    parcel->socket = stream_->release();
    extras_->leaving_with = nullptr;
    if (!parcel->socket)
        return false;  // this engine cannot: the connection stays, and so does its session
    // Its home counts all of it.
    at_.shared().count.messages_received.subtract();
    at_.shared().count.bytes_received.subtract(packet.size() + rest.size());
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
