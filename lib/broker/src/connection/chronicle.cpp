#include "chronicle.hpp"

#include "../session/session.hpp"
#include "connection.hpp"

namespace nightjar::broker {
namespace {

bool is_quiet(const context& at) noexcept { return !at.how.log.connection_messages; }

std::string name_of(connection& who) {
    if (who.owner()) return who.owner()->client_id();
    return who.stream() ? who.stream()->peer().text() : std::string("<unknown>");
}

}  // namespace

void say_connected(context& at, connection& who, const mqtt::connect& what) {
    if (is_quiet(at) || !at.log.wants(log_config::notice)) return;
    const std::string user =
        what.user_name ? fmt::format(", u'{}'", *what.user_name) : std::string();
    at.log(log_config::notice, "New client connected from {} as {} (p{}, c{}, k{}{}).",
           who.stream()->peer().text(), who.owner()->client_id(), static_cast<int>(what.version),
           what.clean_start ? 1 : 0, what.keep_alive_s, user);
}

void say_refused(context& at, connection& who, mqtt::reason why) {
    if (is_quiet(at)) return;
    at.log(log_config::notice, "Client {} disconnected, {}.", name_of(who), describe(why));
}

void say_ended(context& at, connection& who, mqtt::reason why) {
    if (is_quiet(at)) return;
    if (why == mqtt::reason::keep_alive_timeout)
        at.log(log_config::notice, "Client {} has exceeded timeout, disconnecting.", name_of(who));
    else
        at.log(log_config::notice, "Client {} disconnected due to {}.", name_of(who),
               describe(why));
}

void say_closed(context& at, connection& who, error why) {
    if (is_quiet(at)) return;
    if (who.left_in_order())
        at.log(log_config::notice, "Client {} disconnected.", name_of(who));
    else if (why == error::end_of_stream)
        at.log(log_config::notice, "Client {} closed its connection.", name_of(who));
    else if (why.what != error::none)
        at.log(log_config::notice, "Client {} disconnected: {}.", name_of(who), describe(why.what));
}

}  // namespace nightjar::broker
