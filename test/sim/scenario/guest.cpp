// A client's life: whims, rivals, leaving.

#include "scenario/guest.hpp"

#include <fmt/format.h>

#include <utility>

namespace nightjar::sim {

guest::guest(io::loop& on, const guest_options& how, oracle& judge, oracle::complain complain)
    : on_(on),
      how_(how),
      chance_(how_.chance),
      judge_(judge),
      complain_(std::move(complain)),
      name_(fmt::format("guest-{}", how.number)),
      version_(chance_.chance(0.5) ? mqtt::version::v5 : mqtt::version::v3_1_1),
      dawdles_(how.is_slow) {}

guest::~guest() = default;

void guest::begin() { act_.start(on_, pause()); }

void guest::complain(std::string_view what) {
    complain_(fmt::format("client {}: the broker {}", how_.number, what));
}

duration guest::pause() { return 1ms * (10 + chance_.uniform(chance_.chance(0.2) ? 5000 : 500)); }

bool guest::is_settled() const noexcept {
    const bool is_idle = flights_.empty() && request_.id == 0 && half_received_.empty();
    const bool has_strays = is_contested() || on_.now() < std::max(danger_until_, stray_until_);
    return phase_ == phase::up && is_idle && !has_strays && alive_ >= calm_since_;
}

std::string guest::state_text() const {
    return fmt::format("client {}: phase {}, {} in flight, request {}, {} half received, {} rivals",
                       how_.number, static_cast<int>(phase_), flights_.size(), request_.id,
                       half_received_.size(), rivals_.size());
}

void guest::sweep() {
    links_.remove_if([this](const link& one) { return one.is_over() && &one != link_; });
    for (rival& one : rivals_)
        if (on_.now() > one.born() + 60s) one.end();
    const auto gone = rivals_.remove_if([](const rival& one) { return one.is_over(); });
    if (gone > 0) contest_until_ = std::max(contest_until_, on_.now() + how_.stray_max);
}

void guest::end_all() {
    for (link& one : links_) one.end_rudely();
    for (rival& one : rivals_) one.end();
}

void guest::calm_down() {
    is_calm_ = true;
    dawdles_ = false;
    pause_reading(false);
    calm_since_ = on_.now();
    if (phase_ == phase::up) ping();  // the connection may be a memory only
}

void guest::pause_reading(bool is_paused) {
    is_held_ = is_paused;
    if (link_ != nullptr) link_->hold(is_paused);
}

void guest::part(const parting& how) {
    is_calm_ = true;
    parting_ = how;
    drop_link(false);
    act_.start(on_, 100ms);
}

void guest::say_goodbye() {
    drop_link(false);
    is_leaving_ = true;
    has_left_ = false;
    parting_.reset();
    act_.start(on_, 100ms);
}

void guest::act() noexcept {
    act_.start(on_, pause());
    sweep();
    const duration patience = 1s * (terms_.keep_alive_s == 0 ? 60 : terms_.keep_alive_s);
    const bool is_silent = phase_ != phase::away && on_.now() > heard_ + patience + 30s;
    if (is_silent && !is_held_) return drop_link(true);
    if (phase_ == phase::away && !attempt_) return dial();
    if (phase_ != phase::up) return;
    const bool must_ping =
        terms_.keep_alive_s != 0 && on_.now() > said_ + 500ms * terms_.keep_alive_s;
    if (must_ping || (terms_.keep_alive_s == 0 && on_.now() > heard_ + 20s)) ping();
    if (!is_calm_) whim();
}

void guest::ping() {
    pings_.push_back(on_.now());
    tell(mqtt::pingreq{});
}

void guest::on(mqtt::pingresp) {
    if (pings_.empty()) return complain("answered no PINGREQ");
    lived_at(pings_.front());
    pings_.pop_front();
}

void guest::whim() {
    const auto drawn = chance_.uniform(100);
    if (drawn < 60)
        publish();
    else if (drawn < 75)
        subscribe();
    else if (drawn < 82)
        unsubscribe();
    else if (drawn < 86)
        leave(true);
    else if (drawn < 89)
        leave(false);
    else if (drawn < 91)
        drop_link(false);  // then the next connection takes the session over
    else if (drawn < 93)
        gather_rivals();
    else if (drawn < 95)
        ping();
}

/// Only over a session that surely is there and stays.
void guest::gather_rivals() {
    const bool is_sure =
        terms_.expiry_s == expiry_never && alive_ >= danger_until_ && alive_ >= stray_until_;
    if (!how_.does.gathers_rivals || !is_sure || rivals_.size() > 20) return;
    const auto many = 1 + chance_.uniform(chance_.chance(0.2) ? 12 : 4);
    for (std::uint64_t i = 0; i != many; ++i)
        rivals_.emplace_back(on_,
                             rival::options{.broker = how_.broker,
                                            .client_id = name_,
                                            .version = version_,
                                            .may_be_refused = how_.may.refuses},
                             [this](std::string_view what) { complain(what); });
}

bool guest::is_contested() const noexcept { return !rivals_.empty() || on_.now() < contest_until_; }

void guest::leave(bool in_order) {
    if (in_order) return leave(mqtt::reason::success);
    link* const old = link_;
    drop_link(false);
    old->end_rudely();
}

void guest::leave(mqtt::reason why) {
    link* const old = link_;
    drop_link(false);
    old->say(mqtt::disconnect{.code = why});
    old->end_politely();
}

/// The connection is not this client's any more; the broker may not know it yet.
void guest::drop_link(bool rudely) {
    attempt_.reset();
    if (link* const old = std::exchange(link_, nullptr)) {
        old->abandon();
        if (rudely) old->end_rudely();
    }
    connection_over();
}

void guest::on_nonsense(mqtt::reason why) {
    complain(fmt::format("sent what is no packet: {}", describe(why)));
    link_ = nullptr;
    connection_over();
}

void guest::on_lost(error) {
    link_ = nullptr;
    connection_over();
}

void guest::tell(const mqtt::packet& what) {
    said_ = on_.now();
    link_->say(what);
}

/// A slow reader stops after what it was given, for a moment or for long.
void guest::dawdle() noexcept {
    if (link_ != nullptr && !is_held_) link_->hold(false);
}

void guest::on_packet(const mqtt::packet& what) {
    heard_ = on_.now();
    if (phase_ == phase::greeting && !std::holds_alternative<mqtt::connack>(what))
        return complain("spoke before CONNACK");
    std::visit([this](const auto& p) { on(p); }, what);
    if (!dawdles_ || link_ == nullptr || dawdle_.is_armed()) return;
    link_->hold(true);
    dawdle_.start(on_, 1ms * (1 + chance_.uniform(chance_.chance(0.05) ? 20'000 : 300)));
}

}  // namespace nightjar::sim
