// What a client publishes, until it is acknowledged.

#include "scenario/guest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nightjar::sim {

mqtt::packet_id guest::fresh_id() {
    do {
        last_id_ = static_cast<mqtt::packet_id>(last_id_ % 60'000 + 1);
    } while (find(last_id_) != nullptr || request_.id == last_id_);
    return last_id_;
}

guest::flight* guest::find(mqtt::packet_id id) {
    const auto at =
        std::ranges::find_if(flights_, [id](const flight& one) { return one.id == id; });
    return at == flights_.end() ? nullptr : &*at;
}

void guest::publish() {
    flight one{
        .id = 0,
        .what = next_name(),
        .topic = std::string(how_.does.shares && chance_.chance(0.4) ? draw_team_topic(chance_)
                                                                     : draw_topic(chance_)),
        .payload = {},
        .level = draw_qos(chance_),
        .retain = chance_.chance(0.3)};
    if (one.level != mqtt::qos::at_most_once && flights_.size() >= flights_max_) return;
    const bool clears = one.retain && chance_.chance(0.2);
    if (!clears)
        one.payload = payload_of(one.what, chance_.uniform(chance_.chance(0.1) ? 4000 : 40));
    const bool may_expire = how_.does.expires && version_ == mqtt::version::v5;
    if (may_expire && chance_.chance(0.4))
        one.expiry_s =
            static_cast<std::uint32_t>(1 + chance_.uniform(chance_.chance(0.2) ? 600 : 20));
    publish(std::move(one));
}

message_name guest::publish_to(std::string_view topic, std::size_t filler, std::uint32_t expiry_s) {
    const message_name what = next_name();
    publish({.id = 0,
             .what = what,
             .topic = std::string(topic),
             .payload = payload_of(what, filler),
             .level = mqtt::qos::at_least_once,
             .retain = false,
             .expiry_s = version_ == mqtt::version::v5 ? expiry_s : 0});
    return what;
}

void guest::publish(flight one) {
    const bool is_kept = one.level != mqtt::qos::at_most_once;
    if (is_kept) one.id = fresh_id();
    const mqtt::publish packet{.topic = one.topic,
                               .payload = as_bytes(one.payload),
                               .id = one.id,
                               .level = one.level,
                               .retain = one.retain};
    judge_.published(one.what, packet, one.expiry_s, on_.now());
    send(one, false);
    if (is_kept) flights_.push_back(std::move(one));
}

void guest::send(flight& one, bool dup) {
    one.said = on_.now();
    if (one.is_released) return tell(mqtt::pubrel{.id = one.id});
    std::array<byte, 16> room;
    mqtt::property_writer props{room};
    said_aliases::choice alias;
    if (version_ == mqtt::version::v5 && chance_.chance(0.7))
        alias = said_aliases_.choose(one.topic, chance_);
    if (alias.number != 0) props.add(mqtt::property_id::topic_alias, alias.number);
    const bool is_mixed = how_.planted == canary::mixed && alias.stands_for_other;
    const bool is_named = !is_mixed && (!alias.is_known || chance_.chance(0.3));
    if (one.expiry_s != 0 && how_.planted != canary::ageless)
        props.add(mqtt::property_id::message_expiry_interval, one.expiry_s);
    tell(mqtt::publish{.topic = is_named ? std::string_view{one.topic} : std::string_view{},
                       .payload = as_bytes(one.payload),
                       .props = props.made(),
                       .id = one.id,
                       .level = one.level,
                       .retain = one.retain,
                       .dup = dup});
}

void guest::resume() {
    if (flights_.size() > flights_max_) complain("takes less at once than before");
    for (flight& one : flights_) {
        if (!one.is_released) judge_.published_again(one.what);
        send(one, true);
    }
}

void guest::refused(const flight& one, mqtt::reason why) {
    if (!how_.may.refuses || why != mqtt::reason::quota_exceeded)
        complain(fmt::format("refused a message: {}", describe(why)));
    judge_.refused(one.what);
}

void guest::on(const mqtt::puback& p) {
    flight* const one = find(p.id);
    if (one == nullptr || one->level != mqtt::qos::at_least_once)
        return complain("acknowledged what was not sent");
    lived_at(one->said);
    if (is_failure(p.code))
        refused(*one, p.code);
    else
        judge_.acknowledged(one->what, on_.now());
    flights_.remove_if([&](const flight& x) { return x.id == p.id; });
}

void guest::on(const mqtt::pubrec& p) {
    flight* const one = find(p.id);
    if (one == nullptr || one->level != mqtt::qos::exactly_once)
        return complain("said PUBREC for what was not sent");
    lived_at(one->said);
    if (is_failure(p.code)) {
        refused(*one, p.code);
        return static_cast<void>(flights_.remove_if([&](const flight& x) { return x.id == p.id; }));
    }
    judge_.acknowledged(one->what, on_.now());
    one->is_released = true;
    one->said = on_.now();
    tell(mqtt::pubrel{.id = p.id});
}

void guest::on(const mqtt::pubcomp& p) {
    flight* const one = find(p.id);
    if (one == nullptr || !one->is_released) return complain("completed what was not released");
    lived_at(one->said);
    flights_.remove_if([&](const flight& x) { return x.id == p.id; });
}

}  // namespace nightjar::sim
