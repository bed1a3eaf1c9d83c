// What the server says.
#include <algorithm>

#include "core.hpp"

namespace nightjar::client {
namespace {

/// Whether the same CONNECT may fare better later. [MQTT-5 3.2.2.2]
bool is_passing(mqtt::reason refusal) noexcept {
    using enum mqtt::reason;
    return refusal == server_unavailable || refusal == server_busy || refusal == quota_exceeded ||
           refusal == connection_rate_exceeded || refusal == unspecified_error ||
           refusal == implementation_specific_error;
}

/// Whether to come back after the server's DISCONNECT. Taken over: the other client has our name,
/// and two that both come back would throw each other out for ever.
bool is_welcome(mqtt::reason code) noexcept {
    using enum mqtt::reason;
    return code != session_taken_over && code != not_authorized && code != administrative_action &&
           code != use_another_server && code != server_moved && code != banned;
}

}  // namespace

bool core::handle(mqtt::client_session::event& what) {
    return std::visit([this](auto& one) { return on(one); }, what) && state_ != state::leaving;
}

void core::on_read() {
    if (state_ != state::connected) return;
    pump();
    tell_drained();
}

bool core::on(const mqtt::publish& what) {
    mqtt::publish message = what;
    if (!resolve_alias(message)) {
        link_->machine().disconnect_now(mqtt::reason::protocol_error);
        end_with({ending::cause::broken, error::protocol, mqtt::reason::protocol_error}, true);
        return false;
    }
    delivering_ = true;
    if (who_.on_message) who_.on_message(message);
    delivering_ = false;
    // No room for it, or over: then the server sends the message again.
    if (what.level != mqtt::qos::at_most_once)
        static_cast<void>(link_->machine().acknowledge(what.id, what.level, mqtt::reason::success));
    leave_if_asked();
    return true;
}

void core::leave_if_asked() {
    if (!farewell_) return;
    const farewell said = *std::exchange(farewell_, std::nullopt);
    disconnect(said.code, mqtt::properties{bytes_view{said.properties}});
}

/// [MQTT-5 3.3.2.3.4]
bool core::resolve_alias(mqtt::publish& what) {
    if (what.props.empty()) return !what.topic.empty();
    const auto alias = what.props.number(mqtt::property_id::topic_alias);
    if (!alias) return !what.topic.empty();
    if (aliases_.size() < *alias) aliases_.resize(*alias);
    std::string& name = aliases_[*alias - 1];
    if (!what.topic.empty()) name = what.topic;
    what.topic = name;
    return !name.empty();
}

bool core::on(const session::released& what) {
    const parcel::owner done = flying_.take(*reinterpret_cast<parcel*>(what.message));
    if (who_.on_acknowledged) who_.on_acknowledged(done->name(), what.code);
    return true;
}

bool core::on(const session::subscribed& what) {
    const auto asked = requests_.on_answer(reinterpret_cast<request*>(what.request), what.answer);
    if (asked && asked->name != 0 && who_.on_subscribed)
        who_.on_subscribed(asked->name, what.answer);
    return true;
}

bool core::on(const session::unsubscribed& what) {
    const auto asked = requests_.on_answer(reinterpret_cast<request*>(what.request), what.answer);
    if (asked && who_.on_unsubscribed) who_.on_unsubscribed(asked->name, what.answer);
    return true;
}

bool core::on(const session::connected& what) {
    const auto chosen = what.answer.props.text(mqtt::property_id::assigned_client_identifier);
    if (chosen) client_id_ = *chosen;
    state_ = state::connected;
    connected_at_ = loop_.now();
    welcome_back(what.answer.session_present);
    is_first_ = false;
    if (who_.on_connected) who_.on_connected(what.answer);
    return true;
}

/// In flight first, in the old order; then what was subscribed; then what waits. [MQTT-5 4.4, 4.6]
void core::welcome_back(bool session_present) {
    if (!session_present) {
        if (how_.on_lost_session == lost_session::drop && !is_first_) {
            link_->machine().drop([this](mqtt::token which) {
                const auto gone = flying_.take(*reinterpret_cast<parcel*>(which));
                if (who_.on_dropped) who_.on_dropped(gone->name(), error::cancelled);
            });
        }
        if (how_.resubscribes && !is_first_) requests_.ask_again();
    }
    pump();
}

bool core::on(const session::refused& what) {
    end_with({ending::cause::refused, error::denied, what.answer.code},
             is_passing(what.answer.code));
    return false;
}

bool core::on(const mqtt::disconnect& what) {
    end_with({ending::cause::server_left, error::end_of_stream, what.code}, is_welcome(what.code));
    return false;
}

bool core::on(const mqtt::auth& what) {
    if (who_.on_auth) {
        who_.on_auth(what);
        return true;
    }
    link_->machine().disconnect_now(mqtt::reason::bad_authentication_method);
    end_with({ending::cause::broken, error::unsupported, mqtt::reason::bad_authentication_method},
             false);
    return false;
}

bool core::on(const session::closed& what) {
    const bool is_silence = what.code == mqtt::reason::keep_alive_timeout ||
                            what.code == mqtt::reason::server_unavailable;
    end_with({ending::cause::broken, is_silence ? error::timed_out : error::protocol, what.code},
             true);
    return false;
}

}  // namespace nightjar::client
