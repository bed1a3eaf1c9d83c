#include "acknowledgements.hpp"
#include "client_session_steps.hpp"

namespace nightjar::mqtt {

bool client_session::on_publish(const frame& f, event& e) noexcept {
    mqtt::publish& p = e.emplace<mqtt::publish>();
    if (const refusal why = read(f, version_, policy_->in, p)) return end(*why, e);
    if (!p.props.empty()) {
        const auto alias = p.props.number(property_id::topic_alias);
        if (alias.value_or(0) > policy_->topic_alias_maximum)
            return end(reason::topic_alias_invalid, e);
    }
    if (p.level == qos::at_most_once) return true;
    if (used_.is_used_up(version_, policy_->receive_maximum))
        return end(reason::receive_maximum_exceeded, e);
    if (p.level == qos::exactly_once) {
        using verdict = receive_window::verdict;
        const verdict found = flows_->receiving.admit(p.id);
        if (found == verdict::no_room) return end(reason::receive_maximum_exceeded, e);
        if (found == verdict::repeated) e = repeated{mqtt::publish(p)};
    }
    used_.came();
    return true;
}

bool client_session::acknowledge(packet_id id, qos level, reason code) noexcept {
    if (is_connected() && !write_acknowledgement({id, code, {}}, level, version_, *out_))
        return false;
    const bool is_2 = level == qos::exactly_once;
    if (is_2 && is_failure(code)) flows_->receiving.release(id);
    if (!is_connected()) return false;
    has_sent_ = true;
    used_.acknowledged(is_2 && flows_->receiving.holds(id));
    return true;
}

bool client_session::on(const puback& p, event& e) noexcept {
    return tell<client_session>(settle(p, flows_), p, e);
}

bool client_session::on(const pubrec& p, event& e) noexcept {
    const settlement came = settle(p, flows_, version_, *out_);
    if (came.what == settled::no_room) return end(reason::quota_exceeded, e);
    has_sent_ = true;
    return tell<client_session>(came, p, e);
}

bool client_session::on(const pubrel& p, event& e) noexcept {
    has_sent_ = true;
    if (settle(p, flows_, used_, is_present_, version_, *out_)) return false;
    return end(reason::quota_exceeded, e);
}

bool client_session::on(const pubcomp& p, event& e) noexcept {
    return tell<client_session>(settle(p, flows_), p, e);
}

/// What the server said in CONNACK. [MQTT-5 3.2.2-11, 3.2.2-14, 3.2.2-15, 3.2.2-17]
result<> client_session::may_publish(const mqtt::publish& p) const noexcept {
    if (p.level > maximum_qos_ || (p.retain && !retain_available_)) return fail(error::unsupported);
    if (size_of(p, version_) > packet_max_) return fail(error::invalid);
    if (p.props.empty()) return {};
    const auto alias = p.props.number(property_id::topic_alias);
    if (alias.value_or(0) > topic_alias_maximum_) return fail(error::invalid);
    return {};
}

result<packet_id> client_session::publish(const mqtt::publish& p, token message) noexcept {
    auto& window = flows_->sending;
    const bool has_flight = p.level != qos::at_most_once;
    if (!is_connected()) return fail(error::no_room);
    if (has_flight && (is_resuming_ || !window.has_room())) return fail(error::no_room);
    if (const auto may = may_publish(p); !may) return fail(may.error());
    mqtt::publish numbered = p;
    numbered.id = has_flight ? window.next_id() : packet_id{0};
    if (!encode(numbered, version_, *out_)) return fail(error::no_room);
    has_sent_ = true;
    return has_flight ? window.begin(p.level, message) : result<packet_id>{packet_id{0}};
}

/// What was sent on this connection and has no end yet counts against the quota. [MQTT-5 4.9.0-1]
std::uint16_t client_session::room_to_resend() noexcept {
    const std::uint16_t quota = flows_->sending.quota();
    std::uint16_t written = 0;
    flows_->sending.for_each([&](packet_id, send_window::slot& s) {
        written += s.is_written && s.at != send_window::stage::wait_answer;
    });
    return written < quota ? static_cast<std::uint16_t>(quota - written) : std::uint16_t{0};
}

bool client_session::resend(packet_id id, mqtt::publish p) noexcept {
    p.id = id;
    p.dup = is_present_;  // [MQTT-5 3.3.1-1]
    has_sent_ = true;
    return encode(p, version_, *out_);
}

bool client_session::resend_pubrel(packet_id id) noexcept {
    has_sent_ = true;
    return encode(pubrel{id, {}, {}}, version_, *out_);
}

}  // namespace nightjar::mqtt
