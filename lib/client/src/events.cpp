// What the server says, messages apart.
#include "coming_back.hpp"
#include "core.hpp"

namespace nightjar::client {
namespace {

std::vector<byte> copy_of(mqtt::properties of) { return {of.raw().begin(), of.raw().end()}; }

}  // namespace

bool core::handle(mqtt::client_session::event& what) {
    return std::visit([this](auto& one) { return on(one); }, what) && state_ != state::leaving;
}

void core::on_read() {
    if (state_ != state::connected) return;
    pump();
    tell_drained();
}

void core::leave_if_asked() {
    if (!farewell_) return;
    const farewell said = *std::exchange(farewell_, std::nullopt);
    disconnect(said.code, mqtt::properties{bytes_view{said.properties}});
}

bool core::on(const session::released& what) {
    const parcel::owner done = flying_.take(*reinterpret_cast<parcel*>(what.message));
    const ticket name = done->name();
    if (name == 0) return true;
    if (replies_.has(name)) {
        if (mqtt::is_failure(what.code)) answer_with(name, fail(error::denied));
    } else if (who_->on_acknowledged) {
        who_->on_acknowledged(name, {what.code, what.props});
    }
    return true;
}

bool core::on(const session::subscribed& what) {
    const auto asked = requests_.on_answer(reinterpret_cast<request*>(what.request), what.answer);
    if (!asked || asked->name == 0) return true;
    if (asked->name == listening_)
        on_listening(what.answer);
    else if (who_->on_subscribed)
        who_->on_subscribed(asked->name, what.answer);
    return true;
}

bool core::on(const session::unsubscribed& what) {
    const auto asked = requests_.on_answer(reinterpret_cast<request*>(what.request), what.answer);
    if (asked && asked->name != 0 && who_->on_unsubscribed)
        who_->on_unsubscribed(asked->name, what.answer);
    return true;
}

bool core::on(const session::connected& what) {
    using mqtt::property_id;
    const mqtt::properties& said = what.answer.props;
    if (const auto chosen = said.text(property_id::assigned_client_identifier))
        client_id_ = *chosen;
    response_information_ = said.text(property_id::response_information).value_or("");
    const auto aliases_max =
        static_cast<std::uint16_t>(said.number(property_id::topic_alias_maximum).value_or(0));
    sent_aliases_.begin(std::min(aliases_max, how_.own_topic_aliases_max));
    state_ = state::connected;
    connected_at_ = loop_.now();
    failed_places_ = 0;
    welcome_back(what.answer.session_present);
    is_first_ = false;
    if (who_->on_connected) who_->on_connected(what.answer);
    return true;
}

/// In flight first, in the old order; then what was subscribed; then what waits. [MQTT-5 4.4, 4.6]
void core::welcome_back(bool session_present) {
    if (!link_->machine().is_session_present()) {
        receipts_.session_lost();
        if (how_.on_lost_session == lost_session::drop && !is_first_) {
            link_->machine().drop([this](mqtt::token which) {
                const auto gone = flying_.take(*reinterpret_cast<parcel*>(which));
                tell_dropped(gone->name(), error::cancelled);
            });
        }
        replies_.go(reply_desk::stage::deaf);
    }
    if (!session_present && how_.resubscribes && !is_first_) requests_.ask_again();
    listen_for_responses();
    pump();
}

bool core::on(const session::refused& what) {
    const mqtt::reason code = what.answer.code;
    const bool has_others = places_.size() > 1 && is_elsewhere(code);
    end_with({ending::cause::refused, error::denied, code, {}, copy_of(what.answer.props)},
             is_passing(code) || has_others);
    return false;
}

bool core::on(const mqtt::disconnect& what) {
    const bool has_others = places_.size() > 1 && is_elsewhere(what.code);
    end_with({ending::cause::server_left, error::end_of_stream, what.code, {}, copy_of(what.props)},
             is_welcome(what.code) || has_others);
    return false;
}

bool core::on(const mqtt::auth& what) {
    if (who_->on_auth) {
        who_->on_auth(what);
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
