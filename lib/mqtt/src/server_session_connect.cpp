#include <nightjar/base/expects.hpp>

#include "server_session_steps.hpp"

namespace nightjar::mqtt {

/// Before the CONNACK.
bool server_session::eat_early(bytes_view& in, instant now, event& e) noexcept {
    if (state_ == state::closed) {
        e = closed{code_};
        return true;
    }
    if (state_ == state::deciding) {
        e = idle{0};
        return true;
    }
    // The first byte alone tells a stranger; its packet need not be waited for. [MQTT-5 3.1.0-1]
    const bool is_fresh = state_ == state::fresh;
    if (is_fresh && !in.empty() && in[0] >> 4 != static_cast<int>(packet_type::connect))
        return end(reason::protocol_error, e);
    const cutting c = cut_packet(in, policy_->in);
    if (c.what != cut::whole) return stop(c, e);
    heard_ = now;
    in = in.subspan(c.packet.size);
    if (is_fresh) return on_connect(c.packet, e);
    if (c.packet.type == packet_type::auth) return read_on<auth>(c.packet, e);
    if (c.packet.type == packet_type::disconnect) return read_on<disconnect>(c.packet, e);
    return end(reason::protocol_error, e);
}

bool server_session::on_connect(const frame& f, event& e) noexcept {
    connect& p = e.emplace<connect>();
    p.version = version::v3_1_1;
    refusal why = read(f, policy_->in, p);
    version_ = p.version;
    // 3.x has words for these two alone; whatever else is wrong with a CONNECT ends it in silence.
    // [MQTT-3.1.1 3.1.2-2, 3.1.3-8; MQTT-5 3.1.4-1]
    if (why && version_ != version::v5 && *why != reason::unsupported_protocol_version &&
        *why != reason::client_identifier_not_valid)
        return end(*why, e);
    state_ = state::deciding;
    client_packet_max_ = p.props.number(property_id::maximum_packet_size).value_or(0xFFFFFFFF);
    if (!why) why = refuse_connect(p);
    if (why) return end(*why, e);
    may_outlive_ = p.props.number(property_id::session_expiry_interval).value_or(0) > 0;
    may_authenticate_ = p.props.text(property_id::authentication_method).has_value();
    return true;
}

refusal server_session::refuse_connect(const connect& p) const noexcept {
    // The server makes up a name where the session need not be found again; 3.1 knows no empty
    // name. [MQTT-3.1.1 3.1.3-7, 3.1.3-8]
    const bool may_be_nameless =
        p.version == version::v5 || (p.version == version::v3_1_1 && p.clean_start);
    if (p.client_id.empty() && !may_be_nameless) return reason::client_identifier_not_valid;
    if (!p.last_will) return {};
    if (p.last_will->level > policy_->maximum_qos)
        return reason::qos_not_supported;  // [MQTT-5 3.2.2-12]
    if (p.last_will->retain && !policy_->retain_available)
        return reason::retain_not_supported;  // [3.2.2-13]
    return {};
}

bool server_session::on(const auth& p, event& e) noexcept {
    const bool is_step = p.code == reason::continue_authentication;
    const bool is_restart = p.code == reason::re_authenticate && state_ == state::connected;
    if (!may_authenticate_ || !(is_step || is_restart)) return end(reason::protocol_error, e);
    if (state_ == state::authenticating) state_ = state::deciding;
    e = p;
    return true;
}

bool server_session::accept(const connack& answer, std::uint16_t keep_alive_s) noexcept {
    expects(state_ == state::deciding || state_ == state::closed, "accept() answers a CONNECT");
    expects(!is_failure(answer.code), "accept() says success");
    if (state_ == state::closed || !is_taken(answer)) return false;
    if (!encode(answer, version_, *out_)) return false;
    keep_alive_s_ = keep_alive_s;
    is_resumed_ = answer.session_present;
    state_ = state::connected;
    return true;
}

void server_session::refuse(reason code, properties props) noexcept {
    expects(is_failure(code), "refuse() says why");
    expects(!is_connected(), "refuse() answers a CONNECT");
    disconnect_now(code, props);
}

bool server_session::send_auth(const auth& what) noexcept {
    expects(state_ != state::fresh, "AUTH follows a CONNECT");
    if (state_ == state::closed || !encode(what, *out_)) return false;
    if (state_ == state::deciding) state_ = state::authenticating;
    return true;
}

}  // namespace nightjar::mqtt
