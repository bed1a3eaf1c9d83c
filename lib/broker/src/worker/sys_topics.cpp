#include "sys_topics.hpp"

#include <fmt/format.h>

namespace nightjar::broker {

struct sys_topics::ticker : timer {
    explicit ticker(sys_topics& of) noexcept
        : timer([](timer& self, instant) noexcept {
              static_cast<ticker&>(self).topics.publish_all();
          }),
          topics(of) {}
    sys_topics& topics;
};

sys_topics::sys_topics(worker& at, duration every, std::function<statistics()> totals)
    : at_(at),
      every_(every),
      started_(at.shared().loop.now()),
      totals_(std::move(totals)),
      ticker_(std::make_unique<ticker>(*this)) {
    at_.shared().loop.arm(*ticker_, 0s);
}

sys_topics::~sys_topics() = default;

void sys_topics::publish_all() {
    const statistics now = totals_();
    const auto up =
        std::chrono::duration_cast<std::chrono::seconds>(at_.shared().loop.now() - started_);
    publish("version", "nightjar version " NIGHTJAR_VERSION);
    publish("uptime", fmt::format("{} seconds", up.count()));
    const std::pair<std::string_view, std::uint64_t> figures[] = {
        {"clients/connected", now.clients_connected},
        {"clients/disconnected", now.clients_disconnected},
        {"clients/total", now.clients_connected + now.clients_disconnected},
        {"messages/received", now.messages_received},
        {"messages/sent", now.messages_sent},
        {"publish/messages/received", now.publish_received},
        {"publish/messages/sent", now.publish_sent},
        {"publish/messages/dropped", now.publish_dropped},
        {"bytes/received", now.bytes_received},
        {"bytes/sent", now.bytes_sent},
        {"store/messages/count", now.queued},
        {"retained messages/count", at_.shared().retained.size()},
        {"subscriptions/count", at_.shared().subscriptions.subscriptions()},
    };
    for (const auto& [name, value] : figures) publish(name, fmt::format("{}", value));
    at_.shared().loop.arm(*ticker_, every_);
}

void sys_topics::publish(std::string_view name, std::string_view value) {
    const std::string topic = fmt::format("$SYS/broker/{}", name);
    (void)at_.messages().publish({.topic = topic,
                                  .payload = as_bytes(value),
                                  .retain = true,
                                  .accepted = at_.shared().loop.now(),
                                  .worker = static_cast<std::uint16_t>(at_.shared().index)});
}

}  // namespace nightjar::broker
