#include "sys_topics.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>

#include "figures.hpp"

namespace nightjar::broker {

struct sys_topics::ticker : timer {
    explicit ticker(sys_topics& of) noexcept
        : timer([](timer& self, instant) noexcept {
              static_cast<ticker&>(self).topics.publish_all();
          }),
          topics(of) {}
    sys_topics& topics;
};

sys_topics::sys_topics(const worker_list& all, duration every)
    : all_(all),
      at_(*all.front()),
      every_(every),
      started_(at_.shared().loop.now()),
      last_(started_),
      loads_{{{"messages/received", &statistics::messages_received, {}},
              {"messages/sent", &statistics::messages_sent, {}},
              {"publish/dropped", &statistics::publish_dropped, {}},
              {"publish/received", &statistics::publish_received, {}},
              {"publish/sent", &statistics::publish_sent, {}},
              {"bytes/received", &statistics::bytes_received, {}},
              {"bytes/sent", &statistics::bytes_sent, {}},
              {"sockets", &statistics::sockets, {}},
              {"connections", &statistics::connects, {}}}},
      ticker_(std::make_unique<ticker>(*this)) {
    set_interval(every);
}

sys_topics::~sys_topics() = default;

void sys_topics::set_interval(duration every) {
    every_ = every;
    if (every == duration::zero())
        ticker_->cancel();
    else
        at_.shared().loop.arm(*ticker_, 0s);
}

void sys_topics::publish_all() {
    const instant now = at_.shared().loop.now();
    std::vector<statistics> each;
    statistics sum;
    for (const auto& one : all_) sum += each.emplace_back(figures_of(one->shared().count));
    publish("version", "nightjar version " NIGHTJAR_VERSION);
    publish("uptime",
            fmt::format("{} seconds",
                        std::chrono::duration_cast<std::chrono::seconds>(now - started_).count()));
    publish_clients(sum);
    publish_loads(sum, now - last_);
    publish_store(sum);
    publish_heap();
    publish_traffic(sum);
    publish_workers(each);
    last_ = now;
    at_.shared().loop.arm(*ticker_, every_);
}

void sys_topics::publish_clients(const statistics& now) {
    const std::uint64_t total = now.clients_connected + now.clients_disconnected;
    clients_maximum_ = std::max(clients_maximum_, now.clients_connected);
    number("clients/total", total);
    number("clients/maximum", clients_maximum_);
    number("clients/inactive", now.clients_disconnected);
    number("clients/disconnected", now.clients_disconnected);
    number("clients/active", now.clients_connected);
    number("clients/connected", now.clients_connected);
    number("clients/expired", now.clients_expired);
    number("connections/socket/count", now.sockets);
    number("connections/refused/count", now.refused);
}

void sys_topics::publish_loads(const statistics& now, duration since) {
    for (load& one : loads_) {
        one.average.update(now.*one.figure, since);
        for (std::size_t i = 0; i != load_average::minutes.size(); ++i)
            publish(fmt::format("load/{}/{}min", one.name, load_average::minutes[i]),
                    fmt::format("{:.2f}", one.average.averages()[i]));
    }
}

void sys_topics::publish_store(const statistics& now) {
    const retained_store& retained = at_.shared().retained;  // every worker has all
    number("messages/stored", now.queued + retained.size());
    number("store/messages/count", now.queued + retained.size());
    number("store/messages/bytes", now.queued_bytes + retained.bytes());
    number("subscriptions/count", now.subscriptions);
    number("shared_subscriptions/count", now.shared_subscriptions);
    number("retained messages/count", retained.size());
    number("retained messages/refused", now.retained_refused);
}

void sys_topics::publish_heap() {
    const struct mallinfo2 heap = ::mallinfo2();
    const std::uint64_t used = heap.uordblks + heap.hblkhd;
    heap_maximum_ = std::max(heap_maximum_, used);
    number("heap/current", used);
    number("heap/maximum", heap_maximum_);
}

void sys_topics::publish_traffic(const statistics& now) {
    number("messages/received", now.messages_received);
    number("messages/sent", now.messages_sent);
    number("publish/messages/dropped", now.publish_dropped);
    number("publish/messages/dropped/queue messages", now.lost.queue_messages);
    number("publish/messages/dropped/queue bytes", now.lost.queue_bytes);
    number("publish/messages/dropped/slow reader", now.lost.slow_reader);
    number("publish/messages/dropped/packet size", now.lost.packet_size);
    number("publish/messages/dropped/memory", now.lost.memory);
    number("publish/messages/received", now.publish_received);
    number("publish/messages/sent", now.publish_sent);
    number("publish/bytes/received", now.publish_bytes_received);
    number("publish/bytes/sent", now.publish_bytes_sent);
    number("bytes/received", now.bytes_received);
    number("bytes/sent", now.bytes_sent);
    number("packet/out/count", now.output_publishes);
    number("packet/out/bytes", now.output_bytes);
}

void sys_topics::publish_workers(const std::vector<statistics>& each) {
    for (std::size_t i = 0; i != each.size(); ++i) {
        const auto tell = [&](std::string_view name, std::uint64_t value) {
            number(fmt::format("worker/{}/{}", i, name), value);
        };
        const statistics& now = each[i];
        tell("clients/connected", now.clients_connected);
        tell("clients/disconnected", now.clients_disconnected);
        tell("messages/received", now.messages_received);
        tell("messages/sent", now.messages_sent);
        tell("publish/messages/dropped", now.publish_dropped);
        tell("publish/messages/received", now.publish_received);
        tell("publish/messages/sent", now.publish_sent);
        tell("bytes/received", now.bytes_received);
        tell("bytes/sent", now.bytes_sent);
        tell("store/messages/count", now.queued);
        tell("subscriptions/count", now.subscriptions);
        tell("letters/sent", now.letters_sent);
    }
}

void sys_topics::number(std::string_view name, std::uint64_t value) {
    publish(name, fmt::format_int(value).c_str());
}

void sys_topics::publish(std::string_view name, std::string_view value) {
    std::string& said = said_[std::string(name)];
    if (said == value) return;
    said = value;
    const std::string topic = fmt::format("$SYS/broker/{}", name);
    (void)at_.messages().publish({.topic = topic,
                                  .payload = as_bytes(value),
                                  .retain = true,
                                  .accepted = at_.shared().loop.now(),
                                  .worker = static_cast<std::uint16_t>(at_.shared().index)});
}

}  // namespace nightjar::broker
