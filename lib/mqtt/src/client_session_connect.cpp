#include <nightjar/base/expects.hpp>

#include <algorithm>

#include "client_session_steps.hpp"

namespace nightjar::mqtt {

result<> client_session::connect(const mqtt::connect& p, bool has_state, instant now) noexcept {
    expects(state_ == state::fresh, "CONNECT is the first packet and the only one of its kind");
    if (!encode(p, *out_)) return fail(error::no_room);
    version_ = p.version;
    keep_alive_s_ = p.keep_alive_s;
    has_state_ = has_state && !p.clean_start;
    may_authenticate_ = p.props.text(property_id::authentication_method).has_value();
    heard_ = now;
    state_ = state::connecting;
    return {};
}

bool client_session::on(const connack& p, event& e) noexcept {
    if (is_failure(p.code)) {
        state_ = state::closed;
        code_ = p.code;
        e = refused{p};
        return true;
    }
    if (p.session_present && !has_state_)
        return end(reason::protocol_error, e);  // [MQTT-5 3.2.2-4]
    state_ = state::connected;
    is_present_ =
        p.session_present || (version_ == version::v3_1 && has_state_);  // 3.1 does not say
    flows_->sending.set_quota(policy_->in_flight_max);
    if (version_ == version::v5) heed(p.props);
    if (!is_present_) {  // [MQTT-5 3.2.2-5]
        flows_->sending.forget_released();
        flows_->receiving.clear();
    }
    is_resuming_ = !flows_->sending.is_empty();
    e = connected{p};
    return true;
}

/// What the server allows. [MQTT-5 3.2.2.3]
void client_session::heed(const properties& of_connack) noexcept {
    for (const property& each : of_connack) {
        const auto small = static_cast<std::uint16_t>(each.number);
        switch (each.id) {
            case property_id::receive_maximum:
                flows_->sending.set_quota(std::min(small, policy_->in_flight_max));
                break;
            case property_id::maximum_qos: maximum_qos_ = static_cast<qos>(each.number); break;
            case property_id::retain_available: retain_available_ = each.number != 0; break;
            case property_id::maximum_packet_size: packet_max_ = each.number; break;
            case property_id::topic_alias_maximum: topic_alias_maximum_ = small; break;
            case property_id::server_keep_alive: keep_alive_s_ = small; break;
            default: break;  // the owner reads the rest
        }
    }
}

bool client_session::on(const auth& p, event& e) noexcept {
    const bool is_fit = p.code == reason::continue_authentication ||
                        (p.code == reason::success && state_ == state::connected);
    if (!may_authenticate_ || !is_fit) return end(reason::protocol_error, e);
    e = p;
    return true;
}

result<> client_session::send_auth(const auth& what) noexcept {
    if (!may_authenticate_) return fail(error::unsupported);  // [MQTT-5 4.12.0-7]
    if (state_ == state::fresh || is_closed()) return fail(error::no_room);
    if (size_of(what) > packet_max_) return fail(error::invalid);
    if (!encode(what, *out_)) return fail(error::no_room);
    has_sent_ = true;
    return {};
}

instant client_session::deadline() const noexcept {
    const instant answered_by =
        pinged_ == never ? never : std::max(pinged_, heard_) + policy_->answer_within;
    switch (state_) {
        case state::connecting: return heard_ + policy_->answer_within;
        case state::connected: return std::min(beat_, answered_by);
        case state::fresh:
        case state::closed: break;
    }
    return never;
}

client_session::event client_session::tick(instant now) noexcept {
    event e;
    if (is_closed()) {
        e = closed{code_};
    } else if (now < deadline()) {
        return e;
    } else if (state_ == state::connecting || now < beat_ ||
               (pinged_ != never && now >= std::max(pinged_, heard_) + policy_->answer_within)) {
        // The peer is gone: a farewell would reach nobody.
        code_ = is_connected() ? reason::keep_alive_timeout : reason::server_unavailable;
        state_ = state::closed;
        e = closed{code_};
    } else {
        beat(now);
    }
    return e;
}

/// Twice per keep-alive interval: pings where nothing was sent since the last time, so that no more
/// than one interval passes without a packet from us; and where nothing came for a whole interval.
/// [MQTT-5 3.1.2-20]
void client_session::beat(instant now) noexcept {
    const auto half = std::chrono::milliseconds(keep_alive_s_ * 500);
    const bool is_first = beat_ == never;
    const bool is_quiet = pinged_ == never && now - heard_ >= 2 * half;
    const bool pings = !is_first && (!has_sent_ || is_quiet);
    // No room: then there is something to send.
    has_sent_ = pings && encode(pingreq{}, *out_);
    if (has_sent_ && pinged_ == never) pinged_ = now;
    if (is_first) has_sent_ = true;  // CONNECT
    beat_ = now + half;
}

}  // namespace nightjar::mqtt
