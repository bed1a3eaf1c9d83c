// Messages from the server, and when they are acknowledged.
#include "core.hpp"

namespace nightjar::client {

bool core::on(const mqtt::publish& what) {
    mqtt::publish message = what;
    if (!received_aliases_.resolve(message)) {
        link_->machine().disconnect_now(mqtt::reason::protocol_error);
        end_with({ending::cause::broken, error::protocol, mqtt::reason::protocol_error}, true);
        return false;
    }
    if (who_->on_delivery) {
        deliver(message);
        return true;
    }
    delivering_ = true;
    if (!take_response(message) && who_->on_message) who_->on_message(message);
    delivering_ = false;
    // No room for it, or over: then the server sends the message again.
    if (what.level != mqtt::qos::at_most_once)
        static_cast<void>(link_->machine().acknowledge(what.id, what.level, mqtt::reason::success));
    leave_if_asked();
    return true;
}

/// The application acknowledges. Responses to our requests keep their place in the order.
void core::deliver(const mqtt::publish& what) {
    const bool has_receipt = what.level != mqtt::qos::at_most_once;
    const receipt name = has_receipt ? receipts_.add(what.id, what.level) : 0;
    if (!take_response(what)) return who_->on_delivery(what, name);
    if (has_receipt) static_cast<void>(acknowledge(name, mqtt::reason::success));
}

/// The application has it already; what it has settled is acknowledged, the rest waits.
bool core::on(const session::repeated& what) {
    mqtt::publish message = what.message;
    static_cast<void>(received_aliases_.resolve(message));
    if (!receipts_.revive(message.id))
        static_cast<void>(
            link_->machine().acknowledge(message.id, message.level, mqtt::reason::success));
    return true;
}

result<> core::acknowledge(receipt which, mqtt::reason code) {
    const auto did = receipts_.settle(which, code);
    if (did && state_ == state::connected) send_acknowledgements();
    return did;
}

void core::send_acknowledgements() {
    while (const auto ready = receipts_.take_ready())
        static_cast<void>(link_->machine().acknowledge(ready->id, ready->level, ready->code));
    link_->note();
}

}  // namespace nightjar::client
