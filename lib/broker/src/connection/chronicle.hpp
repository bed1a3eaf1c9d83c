#pragma once
// The log lines about connections, in the words that operators of Mosquitto search for.

#include <nightjar/mqtt/packet.hpp>

#include "../context.hpp"

namespace nightjar::broker {

class connection;

void say_connected(context& at, connection& who, const mqtt::connect& what);
void say_refused(context& at, connection& who, mqtt::reason why);
/// The protocol ended it.
void say_ended(context& at, connection& who, mqtt::reason why);
/// The stream is closed.
void say_closed(context& at, connection& who, error why);

}  // namespace nightjar::broker
