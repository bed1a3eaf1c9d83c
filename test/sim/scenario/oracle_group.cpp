// Shared subscriptions: each message to one member. [MQTT-5 4.8.2]
//
// Where a connection breaks with QoS 1 unacknowledged, another member may get it as well; at QoS 2
// nobody else ever. Where a member's session ends, what it was given may be lost.

#include "scenario/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nightjar::sim {

void oracle::expect_of_groups(message_name what, const record& its) {
    std::map<std::string, bool> due;
    for (const session& one : sessions_)
        for (const auto& [name, held] : one.filters) {
            if (!is_shared(name) || held.gone != never || !covers(name, its.topic)) continue;
            const bool is_sure = held.granted && *held.granted != mqtt::qos::at_most_once;
            due.try_emplace(name, true).first->second &= is_sure;
        }
    for (const auto& [name, is_due] : due) groups_[name][what].is_due = is_due;
}

/// What its members had to get may now be lost with one of them, or go to one who got it at QoS 0.
void oracle::void_group(const std::string& name) {
    for (auto& [what, one] : groups_[name]) one.is_due = false;
}

void oracle::void_groups(const session& of) {
    for (const auto& [name, held] : of.filters)
        if (is_shared(name)) void_group(name);
}

void oracle::note_share(unsigned client, message_name what, const mqtt::publish& packet) {
    for (const auto& [name, held] : sessions_[client].filters) {
        if (!is_shared(name) || !covers(name, packet.topic)) continue;
        share& its = groups_[name][what];
        its.is_due = false;
        its.receivers.emplace(client, packet.level);
    }
}

bool oracle::is_by_share(unsigned client, const record& its) const {
    return std::ranges::any_of(sessions_[client].filters, [&](const auto& entry) {
        return is_shared(entry.first) && covers(entry.first, its.topic);
    });
}

/// Returned to a member that had it before: another one had it meanwhile, and left.
bool oracle::may_come_again(unsigned client, const record& its) const {
    if (its.level != mqtt::qos::at_least_once) return false;
    for (const auto& [name, held] : sessions_[client].filters) {
        if (!is_shared(name) || !covers(name, its.topic)) continue;
        for (const session& other : sessions_) {
            const bool is_member = other.filters.contains(name);
            if (is_member && other.last_break >= its.sent) return true;
        }
    }
    return false;
}

void oracle::check_shares() const {
    for (const auto& [name, all] : groups_)
        for (const auto& [what, one] : all) {
            const record& its = messages_.at(what);
            const auto excused = std::ranges::count_if(one.receivers, [&](const auto& got) {
                return got.second == mqtt::qos::at_least_once &&
                       sessions_[got.first].last_break >= its.sent;
            });
            const unsigned copies = its.level == mqtt::qos::at_least_once ? its.copies : 1;
            if (one.receivers.size() > copies + static_cast<std::size_t>(excused))
                complain_(fmt::format("{} members of {} received {} at QoS {}",
                                      one.receivers.size(), name, text(what),
                                      static_cast<int>(its.level)));
        }
}

}  // namespace nightjar::sim
