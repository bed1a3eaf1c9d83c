#include <nightjar/client/client.hpp>

#include "core.hpp"

namespace nightjar::client {

void client::retire::operator()(core* of) const noexcept { of->retire(); }

client::client(io::loop& on) : core_(new core(on)) {}
client::~client() = default;

result<> client::connect(options how, callbacks who) {
    return core_->connect(std::move(how), std::move(who));
}

void client::disconnect(mqtt::reason code, mqtt::properties props) {
    core_->disconnect(code, props);
}

result<ticket> client::publish(const mqtt::publish& what, duration within) {
    return core_->publish(what, within);
}

result<ticket> client::publish(std::string_view topic, std::string_view payload, mqtt::qos level,
                               bool retain) {
    mqtt::publish what;
    what.topic = topic;
    what.payload = as_bytes(payload);
    what.level = level;
    what.retain = retain;
    return core_->publish(what, {});
}

result<ticket> client::subscribe(std::span<const mqtt::subscription> what, mqtt::properties props,
                                 duration within) {
    return core_->ask(make_request(what, props, core_->limits()), within);
}

result<ticket> client::subscribe(std::string_view filter, mqtt::qos level) {
    mqtt::subscription one;
    one.filter = filter;
    one.maximum = level;
    return subscribe(std::span(&one, 1));
}

result<ticket> client::unsubscribe(std::span<const std::string_view> filters,
                                   mqtt::properties props, duration within) {
    return core_->ask(make_request(filters, props, core_->limits()), within);
}

result<ticket> client::unsubscribe(std::string_view filter) {
    return unsubscribe(std::span(&filter, 1));
}

result<ticket> client::request(const mqtt::publish& what, duration within,
                               response_callback answer) {
    return core_->request_response(what, within, std::move(answer));
}

result<ticket> client::respond(const mqtt::publish& to, std::string_view payload, mqtt::qos level) {
    const auto topic = to.props.text(mqtt::property_id::response_topic);
    if (!topic) return fail(error::invalid);
    property_list props;
    if (const auto data = to.props.text(mqtt::property_id::correlation_data))
        props.add(mqtt::property_id::correlation_data, *data);
    mqtt::publish what;
    what.topic = *topic;
    what.payload = as_bytes(payload);
    what.level = level;
    what.props = props.view();
    return core_->publish(what, {});
}

bool client::cancel(ticket which) noexcept { return core_->cancel(which); }

result<> client::acknowledge(receipt which, mqtt::reason code) {
    return core_->acknowledge(which, code);
}

result<> client::authenticate(const mqtt::auth& what) { return core_->authenticate(what); }

bool client::is_connected() const noexcept { return core_->is_connected(); }
bool client::is_idle() const noexcept { return core_->is_idle(); }
bool client::is_drained() const noexcept { return core_->is_drained(); }
std::size_t client::queued() const noexcept { return core_->queued(); }
std::size_t client::queued_bytes() const noexcept { return core_->queued_bytes(); }
std::size_t client::in_flight() const noexcept { return core_->in_flight(); }
std::size_t client::unacknowledged() const noexcept { return core_->unacknowledged(); }
const place& client::server() const noexcept { return core_->server(); }
std::string_view client::client_id() const noexcept { return core_->client_id(); }
std::uint64_t client::attempts() const noexcept { return core_->attempts(); }

namespace {

/// The code in words, and the server's own words for it.
std::string said(const ending& what) {
    const std::string_view words = what.reason_string();
    std::string all(mqtt::describe(what.code));
    return words.empty() ? all : all + " (" + std::string(words) + ")";
}

}  // namespace

std::string describe(const ending& what) {
    using enum ending::cause;
    switch (what.what) {
        case asked: return "disconnected";
        case unreachable: return std::string(describe(what.why.what));
        case refused: return "refused by the server: " + said(what);
        case server_left: return "ended by the server: " + said(what);
        case lost: return "connection lost: " + std::string(describe(what.why.what));
        case broken: return "connection ended: " + said(what);
    }
    return {};
}

}  // namespace nightjar::client
