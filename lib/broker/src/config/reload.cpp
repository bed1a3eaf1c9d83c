#include <nightjar/broker/config/reload.hpp>

#include <nightjar/broker/config/options.hpp>

#include <algorithm>

#include "door.hpp"

namespace nightjar::broker::config {
namespace {

using kept_names = std::vector<std::string_view>;

void note(kept_names& kept, std::string_view name) {
    if (std::find(kept.begin(), kept.end(), name) == kept.end()) kept.push_back(name);
}

/// Names the fixed options of one scope that the two show differently.
void compare(const view& running, const view& wanted, bool of_listeners, kept_names& kept) {
    for (const option& one : options()) {
        const bool is_listeners = one.where == scope::listener || one.where == scope::security;
        if (!one.needs_restart || !one.show || is_listeners != of_listeners) continue;
        if (one.show(running) != one.show(wanted)) note(kept, one.name);
    }
}

/// Everything that a row of the table calls needs_restart.
void keep_fixed(const listener_config& from, listener_config& to) {
    to.socket_domain = from.socket_domain;
    to.protocol = from.protocol;
    to.mount_point = from.mount_point;
}
void keep_fixed(const broker_config& from, broker_config& to) {
    to.loopback_only = from.loopback_only;
    to.set_tcp_nodelay = from.set_tcp_nodelay;
    to.pid_file = from.pid_file;
    to.user = from.user;
    to.workers = from.workers;
    to.affinity = from.affinity;
    to.engine = from.engine;
}

const listener_config* find_door(const broker_config& in, const listener_config& like) {
    const auto found =
        std::find_if(in.listeners.begin(), in.listeners.end(),
                     [&](const listener_config& one) { return is_same_door(one, like); });
    return found == in.listeners.end() ? nullptr : &*found;
}

}  // namespace

reloaded merge(const broker_config& running, const broker_config& wanted) {
    reloaded made{wanted, {}};
    made.value.listeners.clear();
    for (const listener_config& old : running.listeners) {
        const listener_config* const fresh = find_door(wanted, old);
        if (!fresh) note(made.kept, "listener");
        listener_config next = fresh ? *fresh : old;
        if (fresh) compare({running, old}, {wanted, *fresh}, true, made.kept);
        keep_fixed(old, next);
        made.value.listeners.push_back(std::move(next));
    }
    for (const listener_config& one : wanted.listeners)
        if (!find_door(running, one)) note(made.kept, "listener");
    keep_fixed(running, made.value);
    const listener_config any;
    compare({running, any}, {wanted, any}, false, made.kept);
    return made;
}

}  // namespace nightjar::broker::config
