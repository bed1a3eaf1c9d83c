#include <nightjar/mqtt/server_session.hpp>

#include <nightjar/base/expects.hpp>
#include <nightjar/mqtt/encode.hpp>

#include "server_session_steps.hpp"

namespace nightjar::mqtt {

server_session::server_session(const server_policy& policy, output& out, instant now) noexcept
    : policy_(&policy), out_(&out), heard_(now) {}

server_session::event server_session::next(bytes_view& in, instant now) noexcept {
    event e;
    while (!eat(in, now, e)) ++quiet_;
    return e;
}

bool server_session::eat(bytes_view& in, instant now, event& e) noexcept {
    if (state_ != state::connected) [[unlikely]]
        return eat_early(in, now, e);
    const cutting c = cut_packet(in, policy_->in);
    if (c.what != cut::whole) [[unlikely]]
        return stop(c, e);
    heard_ = now;
    if (c.packet.type == packet_type::publish) [[likely]]
        return eat_publish(c.packet, in, e);
    in = in.subspan(c.packet.size);
    return dispatch(c.packet, e);
}

bool server_session::stop(const cutting& c, event& e) noexcept {
    if (c.what == cut::wrong) return end(c.code, e);
    e = idle{c.missing};
    return true;
}

bool server_session::end(reason code, event& e) noexcept {
    disconnect_now(code);
    e = closed{code};
    return true;
}

bool server_session::dispatch(const frame& f, event& e) noexcept {
    switch (f.type) {
        case packet_type::puback: return read_on<puback>(f, e);
        case packet_type::pubrec: return read_on<pubrec>(f, e);
        case packet_type::pubrel: return read_on<pubrel>(f, e);
        case packet_type::pubcomp: return read_on<pubcomp>(f, e);
        case packet_type::subscribe: return report<subscribe>(f, e);
        case packet_type::unsubscribe: return report<unsubscribe>(f, e);
        case packet_type::pingreq: return on(pingreq{}, e);
        case packet_type::disconnect: return read_on<disconnect>(f, e);
        case packet_type::auth: return read_on<auth>(f, e);
        case packet_type::publish:  // eaten before
        case packet_type::connect:  // a second one [MQTT-5 3.1.0-2]
        case packet_type::connack:  // the rest is for servers to send [MQTT-5 2.1.2]
        case packet_type::suback:
        case packet_type::unsuback:
        case packet_type::pingresp: break;
    }
    return end(reason::protocol_error, e);
}

bool server_session::on(pingreq, event& e) noexcept {
    return encode(pingresp{}, *out_) ? false : end(reason::quota_exceeded, e);
}

bool server_session::on(const disconnect& p, event& e) noexcept {
    const auto expiry = p.props.number(property_id::session_expiry_interval);
    if (expiry.value_or(0) > 0 && !may_outlive_) return end(reason::protocol_error, e);
    state_ = state::closed;
    code_ = reason::normal_disconnection;
    e = p;
    return true;
}

server_session::event server_session::tick(instant now) noexcept {
    event e;
    if (state_ == state::closed)
        e = closed{code_};
    else if (now >= deadline())
        end(state_ == state::connected ? reason::keep_alive_timeout : reason::unspecified_error, e);
    return e;
}

instant server_session::deadline() const noexcept {
    switch (state_) {
        case state::fresh:
        case state::authenticating: return heard_ + policy_->connect_within;
        case state::connected:
            // One and a half times, in milliseconds. [MQTT-5 3.1.2-22]
            return keep_alive_s_ == 0 ? never
                                      : heard_ + std::chrono::milliseconds(keep_alive_s_ * 1500);
        case state::deciding:
        case state::closed: break;
    }
    return never;
}

bool server_session::suback(const mqtt::suback& answer) noexcept {
    return is_connected() && is_taken(answer) && encode(answer, version_, *out_);
}

bool server_session::unsuback(const mqtt::unsuback& answer) noexcept {
    return is_connected() && is_taken(answer) && encode(answer, version_, *out_);
}

void server_session::disconnect_now(reason code, properties props) noexcept {
    if (state_ == state::closed) return;
    say_farewell(code, props);
    state_ = state::closed;
    code_ = code;
}

void server_session::write_refusal(const connack& what) noexcept {
    if (version_ != version::v5 && !has_connect_return_code(what.code)) return;
    if (is_taken(what)) encode(what, version_, *out_);
}

/// Where there is no room for it, it goes unsaid: the connection ends all the same.
void server_session::say_farewell(reason code, properties props) noexcept {
    switch (state_) {
        case state::deciding:
        case state::authenticating:
            // No DISCONNECT before the CONNACK. [MQTT-5 3.14.0-1]
            if (is_failure(code)) write_refusal({false, code, props});
            break;
        case state::connected: {
            const disconnect last{code, props};
            if (version_ == version::v5 && is_taken(last)) encode(last, version_, *out_);
            break;
        }
        case state::fresh:
        case state::closed: break;
    }
}

}  // namespace nightjar::mqtt
