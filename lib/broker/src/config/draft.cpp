#include "draft.hpp"
#include "door.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <nightjar/broker/config/report.hpp>

namespace nightjar::broker::config {

namespace {

/// A listener's own words win over what was said for all; who may come in without a name was never
/// said: nobody.
void resolve(draft_listener& of, const draft& from, bool loopback_only) {
    security_config& own = of.value.security;
    const bool own_anonymous = of.given.contains("listener_allow_anonymous");
    if (!from.per_listener) {
        const bool own_prefix = of.given.contains("listener_auto_id_prefix");
        security_config all = from.security;
        if (own_anonymous) all.allow_anonymous = own.allow_anonymous;
        if (own_prefix) all.auto_id_prefix = own.auto_id_prefix;
        own = all;
    }
    const marks& given = from.per_listener ? of.given : from.given;
    if (!own_anonymous && !given.contains("allow_anonymous")) own.allow_anonymous = loopback_only;
}

/// Loopback, both families or the one that socket_domain names.
void add_loopback(draft& to) {
    using domain = listener_config::domain_kind;
    resolve(to.listeners[0], to, true);
    listener_config made = to.listeners[0].value;
    to.value.loopback_only = true;
    for (const auto& [address, family] :
         {std::pair{"127.0.0.1", domain::ipv4}, std::pair{"::1", domain::ipv6}}) {
        if (made.socket_domain != domain::any && made.socket_domain != family) continue;
        made.address = address;
        to.value.listeners.push_back(made);
    }
}

/// Two doors at one address: with SO_REUSEPORT the kernel would not object, and half of the clients
/// each would find half of the settings.
void add_named(draft& to) {
    for (draft_listener& one : to.listeners) {
        if (!one.opened) continue;
        resolve(one, to, false);
        const auto same = [&](const listener_config& other) {
            return is_same_door(one.value, other);
        };
        if (std::any_of(to.value.listeners.begin(), to.value.listeners.end(), same)) {
            to.say(severity::error, one.at, "listener",
                   fmt::format("{} is already a listener", listener_name(one.value)));
        } else {
            to.value.listeners.push_back(one.value);
            to.places.push_back(
                one.at.file.empty() ? "-o" : fmt::format("{}:{}", one.at.file, one.at.line));
        }
    }
}

/// Options that bind to a default listener which nothing opens would be lost: say so.
void judge_strays(draft& in) {
    if (in.listeners[0].opened || in.value.loopback_only) return;
    for (const auto& [name, where] : in.listeners[0].given) {
        in.say(severity::error, where, name,
               "belongs to a listener, but stands before the first one, and neither port nor "
               "bind_address opens a "
               "default listener; move it below a listener line");
    }
}

/// The likeliest surprise of all: a listener that nobody can use.
void judge_access(draft& in) {
    for (const listener_config& one : in.value.listeners) {
        if (one.security.allow_anonymous) continue;
        in.say(severity::warning, in.at, "allow_anonymous",
               fmt::format("listener {} refuses clients without a user name, and this version "
                           "knows no user names: nobody "
                           "can connect there; say \"allow_anonymous true\" to let everybody in",
                           listener_name(one)));
        return;
    }
}

}  // namespace

marks& draft::given_in(scope where) {
    const bool own = where == scope::listener || (where == scope::security && per_listener);
    return own ? listener().given : given;
}

bool draft::first_time(const option& one) {
    const marks& seen = given_in(one.where);
    const auto found = seen.find(one.name);
    return found == seen.end() || (at.file.empty() && !found->second.file.empty());
}

void draft::say(severity how, const place& where, std::string_view option, std::string message) {
    if (diagnostics.size() > diagnostics_max) {
        // What is left out must not make an unusable configuration look usable.
        if (how == severity::error) diagnostics.back().how = how;
        return;
    }
    if (diagnostics.size() == diagnostics_max) {
        diagnostics.push_back({how, at.file, 0, {}, "there is more to say, but this is enough"});
        return;
    }
    diagnostics.push_back({how, where.file, where.line, std::string(option), std::move(message)});
}

loaded draft::finish() && {
    at.line = 0;
    add_named(*this);
    if (value.listeners.empty()) add_loopback(*this);
    places.resize(value.listeners.size());
    judge_strays(*this);
    judge_access(*this);
    return {std::move(value), std::move(diagnostics), std::move(places)};
}

}  // namespace nightjar::broker::config
