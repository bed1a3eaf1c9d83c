#pragma once
// The log lines about connections, in the words that operators of Mosquitto search for.

#include <nightjar/mqtt/packet.hpp>

#include "../context.hpp"
#include "../message.hpp"

namespace nightjar::broker {

class connection;

/// A new connection, behind that listener.
void say_arrived(context& at, io::stream& fresh, const listener_config& behind);
void say_connected(context& at, connection& who, const mqtt::connect& what);
void say_refused(context& at, connection& who, mqtt::reason why);
/// The protocol ended it.
void say_ended(context& at, connection& who, mqtt::reason why);
/// The stream is closed.
void say_closed(context& at, connection& who, error why);

/// Debug lines, a packet each. They cost one comparison when nobody wants them.
void say_received(context& at, connection& who, const mqtt::publish& what);
void say_received(context& at, connection& who, std::string_view packet);
void say_sent(context& at, connection& who, const message_view& what, const stamp& on);

}  // namespace nightjar::broker
