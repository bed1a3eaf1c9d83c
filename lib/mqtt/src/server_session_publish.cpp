#include <nightjar/base/expects.hpp>

#include "server_session_steps.hpp"

namespace nightjar::mqtt {
namespace {

constexpr std::size_t pubrel_size_max = 5;  // with a code, without properties

}  // namespace

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

/// A 3.x client was never told a limit, so none but that of the identifiers is held against it.
bool server_session::is_at_receive_maximum() const noexcept {
    const std::uint32_t maximum = version_ == version::v5 ? policy_->receive_maximum : 65535;
    return std::uint32_t{unacknowledged_} + unreleased_ >= maximum;
}

bool server_session::on_qos_1(event& e) noexcept {
    if (is_at_receive_maximum()) return end(reason::receive_maximum_exceeded, e);
    ++unacknowledged_;
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
    if (found == verdict::repeated) return answer(pubrec{.id = id, .code = {}, .props = {}}, e);
    if (is_at_receive_maximum()) {
        flows_->receiving.release(id);
        return end(reason::receive_maximum_exceeded, e);
    }
    ++unacknowledged_;
    return true;
}

bool server_session::on(const puback& p, event& e) noexcept {
    if (!flows_) return false;
    const auto did = flows_->sending.on_puback(p.id);
    if (!did.is_known) return false;
    if (did.message != 0)
        e = released{did.message, p.code};
    else
        e = completed{};
    return true;
}

bool server_session::on(const pubrec& p, event& e) noexcept {
    const bool failed = is_failure(p.code);
    // Room first: what the window lets go must reach the owner.
    if (!failed && out_->reserve(pubrel_size_max).empty()) return end(reason::quota_exceeded, e);
    const auto did = flows_ ? flows_->sending.on_pubrec(p.id, failed) : send_window::outcome{};
    if (!failed) {
        // For what we do not know as well, or the client waits for ever. [MQTT-5 4.3.3-4, 3.6.2.1]
        const bool is_plain = did.is_known || version_ != version::v5;
        const reason code = is_plain ? reason::success : reason::packet_identifier_not_found;
        if (answer(pubrel{.id = p.id, .code = code, .props = {}}, e)) return true;
    }
    if (did.message != 0)
        e = released{did.message, p.code};
    else if (did.is_known && failed)
        e = completed{};
    else
        return false;
    return true;
}

bool server_session::on(const pubrel& p, event& e) noexcept {
    const bool held = flows_ && flows_->receiving.release(p.id);
    if (held && unreleased_ > 0) --unreleased_;
    // In a resumed session an unknown PUBREL is one whose PUBCOMP was lost, which is no error;
    // clients (MQTT.js) take 0x92 for one. [MQTT-5 3.7.2.1, 4.4]
    const bool is_plain = held || is_resumed_ || version_ != version::v5;
    const reason code = is_plain ? reason::success : reason::packet_identifier_not_found;
    return answer(pubcomp{.id = p.id, .code = code, .props = {}}, e);
}

bool server_session::on(const pubcomp& p, event& e) noexcept {
    if (!flows_ || !flows_->sending.on_pubcomp(p.id).is_known) return false;
    e = completed{};
    return true;
}

bool server_session::acknowledge(packet_id id, qos level, reason code) noexcept {
    expects(level != qos::at_most_once, "QoS 0 is not acknowledged");
    const bool is_2 = level == qos::exactly_once;
    if (is_connected()) {
        const bool written = is_2 ? encode(pubrec{id, code, {}}, version_, *out_)
                                  : encode(puback{id, code, {}}, version_, *out_);
        if (!written) return false;
        if (unacknowledged_ > 0) --unacknowledged_;
    }
    if (is_2 && flows_) {
        if (is_failure(code))
            flows_->receiving.release(id);
        else if (flows_->receiving.holds(id))
            ++unreleased_;
    }
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
