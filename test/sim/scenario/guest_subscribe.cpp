// What a client asks for and is sent.

#include "scenario/guest.hpp"

#include <fmt/format.h>

#include <utility>

namespace nightjar::sim {

/// In a world with shared subscriptions half of the clients are in one for all their life, and ask
/// for no other filter that matches the teams' topics: so it is known why a message came.
std::string guest::draw_wish() {
    if (!how_.does.shares || how_.number % 2 == 0) return std::string(draw_filter(chance_));
    if (!has_shared_ || chance_.chance(0.4)) return std::string(draw_near_filter(chance_));
    if (team_.empty()) team_ = draw_team(chance_);
    return team_;
}

void guest::subscribe() { ask(draw_wish(), draw_qos(chance_)); }

void guest::subscribe_to_all() { ask("#", mqtt::qos::exactly_once); }

void guest::ask(const std::string& filter, mqtt::qos most) {
    if (request_.id != 0 || phase_ != phase::up) return;
    request_ = {.id = fresh_id(), .filter = filter, .said = on_.now()};
    std::string asked = filter;
    if (how_.planted == canary::shared && filter == team_)
        asked.insert(std::string_view("$share/").size(), fmt::format("{}-", how_.number));
    std::array<byte, 128> room;
    writer list{room};
    mqtt::subscription_list::put(list, {.filter = asked, .maximum = most});
    judge_.subscribing(how_.number, request_.filter, most);
    tell(mqtt::subscribe{.id = request_.id, .filters = mqtt::subscription_list{list.written()}});
}

void guest::unsubscribe() {
    if (request_.id != 0) return;
    request_ = {.id = fresh_id(), .filter = draw_wish(), .is_removal = true, .said = on_.now()};
    std::array<byte, 128> room;
    writer list{room};
    mqtt::filter_list::put(list, request_.filter);
    judge_.unsubscribing(how_.number, request_.filter);
    tell(mqtt::unsubscribe{.id = request_.id, .filters = mqtt::filter_list{list.written()}});
}

void guest::on(const mqtt::suback& p) {
    const bool is_answer = request_.id == p.id && p.id != 0 && !request_.is_removal;
    if (!is_answer || p.codes.size() != 1) return complain("answered no SUBSCRIBE");
    lived_at(request_.said);
    const bool is_taken = p.codes[0] <= 2;
    if (is_taken)
        judge_.subscribed(how_.number, request_.filter, static_cast<mqtt::qos>(p.codes[0]));
    else if (!how_.may.refuses)
        complain("refused a subscription");
    request_ = {};
}

void guest::on(const mqtt::unsuback& p) {
    const bool is_answer = request_.id == p.id && p.id != 0 && request_.is_removal;
    if (!is_answer) return complain("answered no UNSUBSCRIBE");
    lived_at(request_.said);
    judge_.unsubscribed(how_.number, request_.filter, on_.now());
    request_ = {};
}

void guest::on(const mqtt::disconnect& p) {
    const bool is_known = p.code == mqtt::reason::session_taken_over ||
                          p.code == mqtt::reason::keep_alive_timeout ||
                          (how_.may.dismisses && p.code == mqtt::reason::quota_exceeded) ||
                          p.code == mqtt::reason::server_shutting_down;
    if (!is_known) complain(fmt::format("sent us away: {}", describe(p.code)));
}

void guest::on(const mqtt::publish& said) {
    mqtt::publish p = said;
    if (!heard_aliases_.resolve(p)) return complain("used a topic alias that stands for nothing");
    switch (p.level) {
        case mqtt::qos::at_most_once: return take_in(p);
        case mqtt::qos::at_least_once: take_in(p); return link_->say(mqtt::puback{.id = p.id});
        case mqtt::qos::exactly_once: break;
    }
    open_here_.insert(p.id);
    if (open_here_.size() > terms_.receive_max) complain("exceeded our Receive Maximum");
    if (half_received_.insert(p.id).second) {
        take_in(p);
    } else if (!p.dup) {
        complain("used an identifier of QoS 2 again before its PUBREL");
    }
    link_->say(mqtt::pubrec{.id = p.id});
}

void guest::on(const mqtt::pubrel& p) {
    half_received_.erase(p.id);
    open_here_.erase(p.id);
    link_->say(mqtt::pubcomp{.id = p.id});
}

/// Where a planted bug does its mischief.
void guest::take_in(const mqtt::publish& p) {
    const bool is_unlucky = how_.planted != canary::none && chance_.chance(0.05);
    mqtt::publish seen = p;
    if (is_unlucky && how_.planted == canary::lost) return;
    if (is_unlucky && how_.planted == canary::astray) seen.topic = "c";
    const oracle::hearing when{
        .now = on_.now(), .served = alive_, .is_v5 = version_ == mqtt::version::v5};
    judge_.received(how_.number, seen, when);
    const bool is_doubled = is_unlucky && p.level == mqtt::qos::exactly_once;
    if (is_doubled && how_.planted == canary::doubled) judge_.received(how_.number, seen, when);
    if (when_received) when_received(seen);
}

}  // namespace nightjar::sim
