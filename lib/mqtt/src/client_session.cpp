#include <nightjar/mqtt/client_session.hpp>

#include "client_session_steps.hpp"

namespace nightjar::mqtt {

client_session::client_session(const client_policy& policy, output& out, flows& state) noexcept
    : policy_(&policy), out_(&out), flows_(&state) {
    flows_->sending.begin_connection();
}

client_session::event client_session::next(bytes_view& in, instant now) noexcept {
    event e;
    while (!eat(in, now, e)) {
    }
    return e;
}

bool client_session::eat(bytes_view& in, instant now, event& e) noexcept {
    if (state_ == state::closed) [[unlikely]] {
        e = closed{code_};
        return true;
    }
    const cutting c = cut_packet(in, policy_->in);
    if (c.what == cut::wrong) [[unlikely]]
        return end(c.code, e);
    if (c.what == cut::more) {
        e = idle{c.missing};
        return true;
    }
    heard_ = now;
    in = in.subspan(c.packet.size);
    if (state_ != state::connected) [[unlikely]] {
        const bool reported = dispatch_early(c.packet, e);
        if (is_connected() && keep_alive_s_ != 0) beat(now);
        return reported;
    }
    return dispatch(c.packet, e);
}

/// Only CONNACK and AUTH may come first. [MQTT-5 3.2.0-1]
bool client_session::dispatch_early(const frame& f, event& e) noexcept {
    if (state_ == state::fresh) return end(reason::protocol_error, e);
    if (f.type == packet_type::connack) return read_on<connack>(f, e);
    if (f.type == packet_type::auth) return read_on<auth>(f, e);
    return end(reason::protocol_error, e);
}

bool client_session::dispatch(const frame& f, event& e) noexcept {
    switch (f.type) {
        case packet_type::publish: return on_publish(f, e);
        case packet_type::puback: return read_on<puback>(f, e);
        case packet_type::pubrec: return read_on<pubrec>(f, e);
        case packet_type::pubrel: return read_on<pubrel>(f, e);
        case packet_type::pubcomp: return read_on<pubcomp>(f, e);
        case packet_type::suback: return read_on<suback>(f, e);
        case packet_type::unsuback: return read_on<unsuback>(f, e);
        case packet_type::disconnect: return read_on<mqtt::disconnect>(f, e);
        case packet_type::auth: return read_on<auth>(f, e);
        case packet_type::pingresp:
            pinged_ = never;
            e = pong{};
            return true;
        case packet_type::connack:  // a second one [MQTT-5 3.2.0-2]
        case packet_type::connect:  // the rest is for clients to send [MQTT-5 2.1.2]
        case packet_type::subscribe:
        case packet_type::unsubscribe:
        case packet_type::pingreq: break;
    }
    return end(reason::protocol_error, e);
}

bool client_session::end(reason code, event& e) noexcept {
    disconnect_now(code);
    e = closed{code};
    return true;
}

void client_session::disconnect_now(reason code, properties props) noexcept {
    // In 3.x a DISCONNECT says that all is well, and the will is dropped. [MQTT-3.1.1 3.14.4-3]
    // No room for it: the connection ends all the same.
    if (is_connected() && (version_ == version::v5 || !is_failure(code)))
        encode(mqtt::disconnect{code, props}, version_, *out_);
    if (!is_closed()) code_ = code;
    state_ = state::closed;
}

bool client_session::on(const suback& p, event& e) noexcept {
    const auto did = flows_->sending.on_answer(p.id);
    if (did.is_known) e = subscribed{p, did.message};
    return did.is_known;
}

bool client_session::on(const unsuback& p, event& e) noexcept {
    const auto did = flows_->sending.on_answer(p.id);
    if (did.is_known) e = unsubscribed{p, did.message};
    return did.is_known;
}

bool client_session::on(const mqtt::disconnect& p, event& e) noexcept {
    const bool has_expiry = p.props.number(property_id::session_expiry_interval).has_value();
    // 3.x has no such packet from a server; in 5.0 it sets no expiry. [MQTT-5 3.14.2-2]
    if (version_ != version::v5 || has_expiry) return end(reason::protocol_error, e);
    state_ = state::closed;
    code_ = p.code;
    e = p;
    return true;
}

result<packet_id> client_session::subscribe(const mqtt::subscribe& p, token request_) noexcept {
    return request(p, request_);
}

result<packet_id> client_session::unsubscribe(const mqtt::unsubscribe& p, token request_) noexcept {
    return request(p, request_);
}

template <class Packet>
result<packet_id> client_session::request(Packet p, token request) noexcept {
    auto& window = flows_->sending;
    if (!is_connected() || !window.has_slot()) return fail(error::no_room);
    p.id = window.next_id();
    if (size_of(p, version_) > packet_max_) return fail(error::invalid);
    if (!encode(p, version_, *out_)) return fail(error::no_room);
    has_sent_ = true;
    return window.begin_request(request);
}

}  // namespace nightjar::mqtt
