#include "chronicle.hpp"

#include <nightjar/broker/config/report.hpp>

#include "../session/session.hpp"
#include "connection.hpp"

namespace nightjar::broker {
namespace {

bool is_heard(const context& at, log_config::type what) noexcept {
    return at.how.log.connection_messages && at.log.wants(what);
}

/// The texts that a line's subject views into. Made only for lines that somebody wants.
struct portrait {
    explicit portrait(connection& who)
        : client(who.owner() ? who.owner()->client_id() : std::string()),
          address(who.stream() ? who.stream()->peer().text() : std::string()),
          listener(config::listener_name(who.rules().how)) {}

    log_subject with(std::string_view reason = {}) const {
        return {.client = client, .address = address, .listener = listener, .reason = reason};
    }
    std::string_view name() const noexcept {
        if (!client.empty()) return client;
        return address.empty() ? std::string_view("<unknown>") : address;
    }

    std::string client;
    std::string address;
    std::string listener;
};

/// Mosquitto's numbers: 1 for MQTT 3.1, 2 for 3.1.1, 5 for 5.0.
int number_of(mqtt::version which) noexcept {
    switch (which) {
        case mqtt::version::v3_1: return 1;
        case mqtt::version::v3_1_1: return 2;
        case mqtt::version::v5: return 5;
    }
    return 0;
}

}  // namespace

void say_arrived(context& at, io::stream& fresh, const listener_config& behind) {
    // Asking the kernel for addresses is not free, so only if somebody reads them.
    if (!is_heard(at, log_config::notice)) return;
    const std::string address = fresh.peer().text();
    const std::string listener = config::listener_name(behind);
    at.log.about({.client = {}, .address = address, .listener = listener, .reason = {}},
                 log_config::notice, "New connection from {} on port {}.", address,
                 fresh.local().port());
}

void say_connected(context& at, connection& who, const mqtt::connect& what) {
    if (!is_heard(at, log_config::notice)) return;
    const portrait of(who);
    const std::string user =
        what.user_name ? fmt::format(", u'{}'", *what.user_name) : std::string();
    at.log.about(of.with(), log_config::notice,
                 "New client connected from {} as {} (p{}, c{}, k{}{}).", of.address, of.client,
                 number_of(what.version), what.clean_start ? 1 : 0, what.keep_alive_s, user);
}

void say_refused(context& at, connection& who, mqtt::reason why) {
    if (!is_heard(at, log_config::notice)) return;
    const portrait of(who);
    at.log.about(of.with(describe(why)), log_config::notice, "Client {} disconnected, {}.",
                 of.name(), describe(why));
}

void say_ended(context& at, connection& who, mqtt::reason why) {
    if (!is_heard(at, log_config::notice)) return;
    const portrait of(who);
    const log_subject whom = of.with(describe(why));
    if (why == mqtt::reason::keep_alive_timeout)
        at.log.about(whom, log_config::notice, "Client {} has exceeded timeout, disconnecting.",
                     of.name());
    else
        at.log.about(whom, log_config::notice, "Client {} disconnected due to {}.", of.name(),
                     describe(why));
}

void say_closed(context& at, connection& who, error why) {
    if (!is_heard(at, log_config::notice)) return;
    const portrait of(who);
    if (who.left_in_order())
        at.log.about(of.with(), log_config::notice, "Client {} disconnected.", of.name());
    else if (why == error::end_of_stream)
        at.log.about(of.with("closed"), log_config::notice, "Client {} closed its connection.",
                     of.name());
    else if (why.what != error::none)
        at.log.about(of.with(describe(why.what)), log_config::notice, "Client {} disconnected: {}.",
                     of.name(), describe(why.what));
}

// --- packets -------------------------------------------------------------------------------------

void say_received(context& at, connection& who, const mqtt::publish& what) {
    if (!at.log.wants(log_config::debug)) return;
    const portrait of(who);
    at.log.about(of.with(), log_config::debug,
                 "Received PUBLISH from {} (d{}, q{}, r{}, m{}, '{}', ... ({} bytes))", of.name(),
                 what.dup ? 1 : 0, static_cast<int>(what.level), what.retain ? 1 : 0, what.id,
                 what.topic, what.payload.size());
}

void say_received(context& at, connection& who, std::string_view packet) {
    if (!at.log.wants(log_config::debug)) return;
    const portrait of(who);
    at.log.about(of.with(), log_config::debug, "Received {} from {}", packet, of.name());
}

void say_sent(context& at, connection& who, const message_view& what, const stamp& on) {
    if (!at.log.wants(log_config::debug)) return;
    const portrait of(who);
    at.log.about(of.with(), log_config::debug,
                 "Sending PUBLISH to {} (d{}, q{}, r{}, m{}, '{}', ... ({} bytes))", of.name(),
                 on.dup ? 1 : 0, static_cast<int>(on.level), on.retain ? 1 : 0, on.id, what.topic,
                 what.payload.size());
}

}  // namespace nightjar::broker
