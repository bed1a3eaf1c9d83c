#include <nightjar/base/expects.hpp>

#include "acknowledgements.hpp"
#include "server_session_steps.hpp"

namespace nightjar::mqtt {

bool server_session::eat_publish(const frame& f, bytes_view& in, event& e) noexcept {
    publish& p = e.emplace<publish>();
    if (const refusal why = read(f, version_, policy_->in, p)) [[unlikely]]
        return end(*why, e);
    if (p.retain || p.level != qos::at_most_once || !p.props.empty()) {
        if (const refusal why = refuse_publish(p)) return end(*why, e);
    }
    if (p.level == qos::exactly_once) return on_qos_2(p.id, f.size, in, e);
    in = in.subspan(f.size);
    return p.level == qos::at_most_once ? true : on_qos_1(e);
}

refusal server_session::refuse_publish(const publish& p) const noexcept {
    if (p.retain && !policy_->retain_available)
        return reason::retain_not_supported;                               // [MQTT-5 3.2.2-14]
    if (p.level > policy_->maximum_qos) return reason::qos_not_supported;  // [MQTT-5 3.2.2-11]
    for (const property& each : p.props) {
        if (each.id == property_id::topic_alias && each.number > policy_->topic_alias_maximum)
            return reason::topic_alias_invalid;  // [MQTT-5 3.3.2-9]
        if (each.id == property_id::subscription_identifier)
            return reason::protocol_error;  // [MQTT-5 3.3.4-6]
    }
    return {};
}

bool server_session::on_qos_1(event& e) noexcept {
    if (used_.is_used_up(version_, policy_->receive_maximum))
        return end(reason::receive_maximum_exceeded, e);
    used_.came();
    return true;
}

/// What the owner still takes care of is answered by its acknowledge(). A topic alias that comes
/// with the repetition holds for what follows. [MQTT-5 3.3.2.3.4]
bool server_session::on_repeated(packet_id id, event& e) noexcept {
    const publish again = std::get<publish>(e);
    const bool is_settled = flows_->receiving.is_settled(id);
    if (is_settled && answer(pubrec{.id = id, .code = {}, .props = {}}, e)) return true;
    if (!again.props.number(property_id::topic_alias)) return false;
    e = repeated{again};
    return true;
}

bool server_session::on_qos_2(packet_id id, std::size_t size, bytes_view& in, event& e) noexcept {
    using verdict = receive_window::verdict;
    const verdict found = flows_ ? flows_->receiving.admit(id) : verdict::no_room;
    if (found == verdict::no_room) {
        if (asked_for_flows_) return end(reason::receive_maximum_exceeded, e);
        asked_for_flows_ = true;
        e = wants_flows{};
        return true;
    }
    asked_for_flows_ = false;
    in = in.subspan(size);
    if (found == verdict::repeated) return on_repeated(id, e);
    if (used_.is_used_up(version_, policy_->receive_maximum)) {
        flows_->receiving.release(id);
        return end(reason::receive_maximum_exceeded, e);
    }
    used_.came();
    return true;
}

bool server_session::on(const puback& p, event& e) noexcept {
    return tell<server_session>(settle(p, flows_), p, e);
}

bool server_session::on(const pubrec& p, event& e) noexcept {
    const settlement came = settle(p, flows_, version_, *out_);
    if (came.what == settled::no_room) return end(reason::quota_exceeded, e);
    return tell<server_session>(came, p, e);
}

bool server_session::on(const pubrel& p, event& e) noexcept {
    if (settle(p, flows_, used_, is_resumed_, version_, *out_)) return false;
    return end(reason::quota_exceeded, e);
}

bool server_session::on(const pubcomp& p, event& e) noexcept {
    return tell<server_session>(settle(p, flows_), p, e);
}

bool server_session::acknowledge(packet_id id, qos level, reason code, properties props) noexcept {
    if (is_connected() && !write_acknowledgement({id, code, props}, level, version_, *out_))
        return false;
    const bool has_window = level == qos::exactly_once && flows_;
    const bool stays = has_window && !is_failure(code) && flows_->receiving.settle(id);
    if (has_window && is_failure(code)) flows_->receiving.release(id);
    if (is_connected()) used_.acknowledged(stays);
    return is_connected();
}

bool server_session::publish_now(const publish& p, token message) noexcept {
    if (!is_connected()) return false;
    if (p.level == qos::at_most_once) return encode(p, version_, *out_);
    expects(flows_ != nullptr, "lend() came before the first flight");
    if (!flows_->sending.has_room()) return false;
    publish numbered = p;
    numbered.id = flows_->sending.next_id();
    return encode(numbered, version_, *out_) && flows_->sending.begin(p.level, message).has_value();
}

bool server_session::resend_pubrel(packet_id id) noexcept {
    return is_connected() && encode(pubrel{id, {}, {}}, version_, *out_);
}

}  // namespace nightjar::mqtt
