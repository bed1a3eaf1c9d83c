#include <nightjar/broker/broker.hpp>

#include <fmt/format.h>

#include "listening.hpp"
#include "route/roster.hpp"
#include "topic_log.hpp"
#include "worker/figures.hpp"
#include "worker/sys_topics.hpp"
#include "worker/worker.hpp"

namespace nightjar::broker {
namespace {

mqtt::server_policy policy_of(const broker_config& how, const listener_config& door) {
    mqtt::server_policy rules;
    if (how.max_packet_size != 0) rules.in.packet_max = how.max_packet_size;
    if (how.max_inflight_messages != 0) rules.receive_maximum = how.max_inflight_messages;
    if (how.max_topic_levels != 0) rules.in.topic_levels_max = how.max_topic_levels;
    rules.topic_alias_maximum = door.max_topic_alias;
    rules.maximum_qos = static_cast<mqtt::qos>(door.max_qos);
    rules.retain_available = how.retain_available;
    rules.connect_within = door.connect_timeout;
    return rules;
}

std::shared_ptr<const listener_rules> rules_of(const broker_config& how,
                                               const listener_config& door) {
    return std::make_shared<const listener_rules>(listener_rules{door, policy_of(how, door)});
}

}  // namespace

struct broker::parts {
    parts(broker_config config, const ground& on)
        : how(std::move(config)),
          topics(*on.log),
          log(topics, how.log.types),
          letters(static_cast<unsigned>(on.loops.size())) {
        for (const listener_config& one : how.listeners)
            doors.push_back(std::make_unique<listener_door>(rules_of(how, one)));
        for (unsigned i = 0; i != on.loops.size(); ++i)
            workers.push_back(
                std::make_unique<worker>(*on.loops[i], how, letters, log,
                                         worker::place{i, on.seed + i, {&everybody, on.memory}}));
        for (const auto& one : workers) everybody.enlist(one->shared().count);
        topics.publish_on(*workers.front());
        topics.turn(how.log.to_topic);
    }

    broker_config how;
    topic_log topics;
    event_log log;
    exchange letters;
    crowd everybody;
    std::vector<std::unique_ptr<listener_door>> doors;
    std::vector<std::unique_ptr<worker>> workers;
    std::vector<bound_listener> bound;  // by worker 0
    std::vector<io::endpoint> addresses;
    std::unique_ptr<sys_topics> sys;

    /// Anew, on worker 0's loop.
    void publish_figures() {
        const duration every = workers.front()->shared().how.sys_interval;
        if (sys)
            sys->set_interval(every);
        else
            sys = std::make_unique<sys_topics>(workers, every);
    }
};

broker::broker(broker_config how, const ground& on) {
    expects(!on.loops.empty() && on.loops.size() <= 64, "a broker has 1 to 64 workers");
    expects(on.log != nullptr, "a broker has somewhere to log");
    expects(how.memory_limit == 0 || on.memory, "a memory_limit comes with a meter");
    parts_ = std::make_unique<parts>(std::move(how), on);
}

broker::~broker() = default;

result<> broker::open(unsigned index, open_failure* why) {
    parts& p = *parts_;
    worker& at = *p.workers[index];
    open_failure unheard;
    open_failure& failure = why ? *why : unheard;
    if (index != 0) return reopen(at, p.bound, failure.sentence);
    for (auto& door : p.doors) {
        auto opened = open_all(at, *door, p.how, failure.sentence);
        if (!opened) return fail(opened.error());
        ++failure.listener;
        for (bound_listener& one : *opened) {
            p.addresses.push_back(one.how.at);
            p.bound.push_back(std::move(one));
        }
    }
    if (p.bound.empty()) {
        failure.sentence = "this machine has neither of the loopback addresses";
        return fail(error::unreachable);
    }
    p.publish_figures();
    return {};
}

const std::vector<io::endpoint>& broker::addresses() const noexcept { return parts_->addresses; }

void broker::reconfigure(const broker_config& how) {
    parts& p = *parts_;
    expects(how.listeners.size() == p.doors.size(), "a reload keeps the listeners");
    for (std::size_t i = 0; i != p.doors.size(); ++i)
        p.doors[i]->replace(rules_of(how, how.listeners[i]));
    p.log.set_types(how.log.types);
    p.topics.turn(how.log.to_topic);
    const bool other_interval = how.sys_interval != p.how.sys_interval;
    p.how = how;
    const auto fresh = std::make_shared<const broker_config>(how);
    for (auto& one : p.workers)
        one->shared().loop.post([at = one.get(), fresh] { at->reconfigure(*fresh); });
    if (other_interval)
        p.workers.front()->shared().loop.post([this] { parts_->publish_figures(); });
}

void broker::log_subscriptions(unsigned index) {
    context& at = parts_->workers[index]->shared();
    write_subscriptions(at.subscriptions, index, at.log);
}

void broker::shut_down(unsigned index) {
    if (index == 0) parts_->sys.reset();
    parts_->workers[index]->shut_down();
}

bool broker::is_quiet(unsigned index) const { return parts_->workers[index]->is_empty(); }

statistics broker::count() const {
    statistics all;
    for (const auto& one : parts_->workers) all += figures_of(one->shared().count);
    return all;
}

}  // namespace nightjar::broker
