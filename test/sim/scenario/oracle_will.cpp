// Wills: never early, never after the session went on. [MQTT-5 3.1.3.2.2]

#include "scenario/oracle.hpp"

#include <fmt/format.h>

namespace nightjar::sim {

void oracle::has_will(message_name what, const mqtt::will& its, duration waits, instant now) {
    record made{.topic = std::string(its.topic), .level = its.level, .retain = its.retain};
    made.is_will = true;
    made.sent = now;
    made.waits = waits;
    messages_.emplace(what, std::move(made));
}

void oracle::will_rests(message_name what, instant alive) {
    record& its = messages_.at(what);
    if (its.heard < alive)
        complain_(fmt::format("the will {} came while its connection lived", text(what)));
    its.sent = alive;
}

void oracle::will_is_spared(message_name what, instant now) {
    record& its = messages_.at(what);
    const bool is_in_time = its.waits > 0s && now < its.sent + its.waits;
    its.is_spared = is_in_time && !its.hurries;
}

void oracle::check_will(message_name what, record& its, instant now) {
    its.heard = std::min(its.heard, now);
    if (its.is_spared)
        complain_(fmt::format("the will {} came though the session went on", text(what)));
    if (now < its.sent + its.waits && !its.hurries)
        complain_(fmt::format("the will {} came before its delay", text(what)));
}

}  // namespace nightjar::sim
