#include <nightjar/client/client.hpp>

#include "core.hpp"

namespace nightjar::client {

client::client(io::loop& on) : core_(std::make_unique<core>(on)) {}
client::~client() = default;

result<> client::connect(options how, callbacks who) {
    return core_->connect(std::move(how), std::move(who));
}

void client::disconnect(mqtt::reason code, mqtt::properties props) {
    core_->disconnect(code, props);
}

result<ticket> client::publish(const mqtt::publish& what) { return core_->publish(what); }

result<ticket> client::publish(std::string_view topic, std::string_view payload, mqtt::qos level,
                               bool retain) {
    mqtt::publish what;
    what.topic = topic;
    what.payload = as_bytes(payload);
    what.level = level;
    what.retain = retain;
    return core_->publish(what);
}

result<ticket> client::subscribe(std::span<const mqtt::subscription> what, mqtt::properties props) {
    return core_->ask(make_request(what, props, core_->limits()));
}

result<ticket> client::subscribe(std::string_view filter, mqtt::qos level) {
    mqtt::subscription one;
    one.filter = filter;
    one.maximum = level;
    return subscribe(std::span(&one, 1));
}

result<ticket> client::unsubscribe(std::span<const std::string_view> filters,
                                   mqtt::properties props) {
    return core_->ask(make_request(filters, props, core_->limits()));
}

result<ticket> client::unsubscribe(std::string_view filter) {
    return unsubscribe(std::span(&filter, 1));
}

result<> client::authenticate(const mqtt::auth& what) { return core_->authenticate(what); }

bool client::is_connected() const noexcept { return core_->is_connected(); }
bool client::is_idle() const noexcept { return core_->is_idle(); }
bool client::is_drained() const noexcept { return core_->is_drained(); }
std::size_t client::queued() const noexcept { return core_->queued(); }
std::size_t client::queued_bytes() const noexcept { return core_->queued_bytes(); }
std::size_t client::in_flight() const noexcept { return core_->in_flight(); }
std::string_view client::client_id() const noexcept { return core_->client_id(); }
std::uint64_t client::attempts() const noexcept { return core_->attempts(); }

std::string describe(const ending& what) {
    using enum ending::cause;
    switch (what.what) {
        case asked: return "disconnected";
        case unreachable: return std::string(describe(what.why.what));
        case refused: return "refused by the server: " + std::string(mqtt::describe(what.code));
        case server_left: return "ended by the server: " + std::string(mqtt::describe(what.code));
        case lost: return "connection lost: " + std::string(describe(what.why.what));
        case broken: return "connection ended: " + std::string(mqtt::describe(what.code));
    }
    return {};
}

}  // namespace nightjar::client
