#include "scenario/guest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nightjar::sim {
namespace {

constexpr std::uint16_t flights_most = 10;
constexpr duration danger_max = 240s;  // partitions there and back, and our own patience

mqtt::qos draw_qos(prng& from) { return static_cast<mqtt::qos>(from.uniform(3)); }

std::string_view draw_topic(prng& from) {
    static constexpr std::string_view topics[] = {"a",     "a/b", "a/c",     "a/b/c",
                                                  "b/b/c", "b",   "b//deep", "long/way/to/go"};
    return topics[from.uniform(std::size(topics))];
}

std::string_view draw_filter(prng& from) {
    static constexpr std::string_view filters[] = {"a",   "a/b",   "a/+",   "a/#", "+/b", "+/b/#",
                                                   "b/#", "+/+/c", "b//+",  "#",   "+",   "long/#",
                                                   "c",   "a/b/c", "+/+/+", "/b"};
    return filters[from.uniform(std::size(filters))];
}

}  // namespace

guest::guest(io::loop& on, const guest_options& how, oracle& judge, oracle::complain complain)
    : on_(on),
      how_(how),
      chance_(how_.chance),
      judge_(judge),
      complain_(std::move(complain)),
      name_(fmt::format("guest-{}", how.number)),
      version_(chance_.chance(0.5) ? mqtt::version::v5 : mqtt::version::v3_1_1) {}

guest::~guest() = default;

void guest::begin() { act_.start(on_, pause()); }

void guest::complain(std::string_view what) {
    complain_(fmt::format("client {}: the broker {}", how_.number, what));
}

duration guest::pause() { return 1ms * (10 + chance_.uniform(chance_.chance(0.2) ? 5000 : 500)); }

bool guest::is_settled() const noexcept {
    return phase_ == phase::up && flights_.empty() && request_.id == 0 && half_received_.empty();
}

std::string guest::state_text() const {
    return fmt::format("client {}: phase {}, {} in flight, request {}, {} half received",
                       how_.number, static_cast<int>(phase_), flights_.size(), request_.id,
                       half_received_.size());
}

void guest::sweep() {
    links_.remove_if([this](const link& one) { return one.is_over() && &one != link_; });
}

void guest::end_all() {
    for (link& one : links_) one.end_rudely();
}

void guest::calm_down() { is_calm_ = true; }

void guest::subscribe_to_all() { ask("#", mqtt::qos::exactly_once); }

message_name guest::die_with_will(bool in_order) {
    is_calm_ = true;
    drop_link(false);
    wish_ = in_order ? last_wish::leave_in_order : last_wish::leave_rudely;
    will_ = next_name();
    act_.start(on_, 100ms);
    return will_;
}

void guest::say_goodbye() {
    drop_link(false);
    is_leaving_ = true;
    wish_ = last_wish::stay;
    act_.start(on_, 100ms);
}

// --- life ---------------------------------------------------------------------------------------

void guest::act() noexcept {
    act_.start(on_, pause());
    const duration patience = 1s * (keep_alive_s_ == 0 ? 60 : keep_alive_s_);
    const bool is_silent = phase_ != phase::away && on_.now() > heard_ + patience + 30s;
    if (is_silent) return drop_link(true);
    if (phase_ == phase::away && !attempt_) return dial();
    if (phase_ != phase::up) return;
    const bool must_ping = keep_alive_s_ != 0 && on_.now() > said_ + 500ms * keep_alive_s_;
    if (must_ping || (keep_alive_s_ == 0 && on_.now() > heard_ + 20s)) {
        said_ = on_.now();
        link_->say(mqtt::pingreq{});
    }
    if (!is_calm_) whim();
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
}

void guest::dial() {
    sweep();
    if (has_left_) return;
    phase_ = phase::dialling;
    heard_ = on_.now();
    auto made = on_.engine().connect({.to = how_.broker, .from = {}}, *this);
    expects(made.has_value(), "an attempt begins");
    attempt_ = std::move(*made);
}

void guest::on_connected(io::stream& fresh) noexcept {
    attempt_.reset();
    link_ = &links_.emplace_back(fresh, version_, static_cast<link_owner&>(*this));
    greet();
}

void guest::on_connect_failed(error) noexcept {
    attempt_.reset();
    phase_ = phase::away;
}

/// CONNECT, and what its answer must say of the session.
void guest::greet() {
    phase_ = phase::greeting;
    heard_ = said_ = on_.now();
    const bool must = must_be_clean_ || is_leaving_ || on_.now() < danger_until_;
    const bool is_v5 = version_ == mqtt::version::v5;
    clean_ = must || (!is_calm_ && chance_.chance(0.15));
    transient_ = is_leaving_ || (!is_calm_ && chance_.chance(0.2));
    if (!is_v5) clean_ = transient_ = clean_ || transient_;
    keep_alive_s_ = static_cast<std::uint16_t>(chance_.chance(0.3) ? 0 : 5 + chance_.uniform(60));
    std::array<byte, 64> room;
    mqtt::property_writer props{room};
    receive_max_ = 65535;
    if (is_v5 && !transient_) props.add(mqtt::property_id::session_expiry_interval, 0xFFFFFFFF);
    if (is_v5 && chance_.chance(0.5)) {
        receive_max_ = static_cast<std::uint16_t>(1 + chance_.uniform(5));
        props.add(mqtt::property_id::receive_maximum, receive_max_);
    }
    mqtt::connect hello{.version = version_,
                        .clean_start = clean_,
                        .keep_alive_s = keep_alive_s_,
                        .client_id = name_,
                        .props = props.made()};
    const bool is_dying = wish_ != last_wish::stay;
    has_will_ = is_dying || (!is_calm_ && chance_.chance(0.3));
    std::string payload;
    if (has_will_) {
        if (!is_dying) will_ = next_name();
        payload = payload_of(will_, 10);
        const mqtt::qos level = is_dying ? mqtt::qos::exactly_once : draw_qos(chance_);
        hello.last_will = {.topic = is_dying ? "a" : draw_topic(chance_),
                           .payload = as_bytes(payload),
                           .level = level,
                           .retain = !is_dying && chance_.chance(0.2)};
        judge_.has_will(will_, *hello.last_will, on_.now());
    }
    expected_ = clean_ ? fate::none : fate_;
    if (clean_ || transient_) {
        judge_.session_in_doubt(how_.number);
        fate_ = fate::unknown;
    } else if (fate_ == fate::none) {
        fate_ = fate::unknown;
    }
    must_be_clean_ |= clean_;
    link_->say(hello);
}

void guest::on(const mqtt::connack& p) {
    if (phase_ != phase::greeting) return complain("said CONNACK twice");
    if (is_failure(p.code)) return complain(fmt::format("refused: {}", describe(p.code)));
    phase_ = phase::up;
    if (expected_ == fate::none && p.session_present) complain("has a session that had ended");
    if (expected_ == fate::kept && !p.session_present) complain("lost a session");
    must_be_clean_ = false;
    fate_ = fate::kept;
    const auto most = p.props.number(mqtt::property_id::receive_maximum);
    flights_max_ = std::min(flights_most, static_cast<std::uint16_t>(most.value_or(flights_most)));
    if (!p.session_present) {
        forget_session();
        judge_.session_begins(how_.number);
    }
    if (wish_ != last_wish::stay)
        return leave(std::exchange(wish_, last_wish::stay) == last_wish::leave_in_order);
    if (is_leaving_) {
        has_left_ = true;
        return leave(true);
    }
    resume();
}

void guest::leave(bool in_order) {
    link* const old = link_;
    drop_link(false);
    if (in_order) {
        old->say(mqtt::disconnect{});
        old->end_politely();
    } else {
        old->end_rudely();
    }
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

void guest::connection_over() {
    const phase was = std::exchange(phase_, phase::away);
    const bool was_up = was == phase::up;
    // Its CONNECT may be read after the next one's, by another worker, and end what that one began.
    if (was == phase::greeting) danger_until_ = on_.now() + danger_max;
    if (on_.now() < danger_until_) judge_.session_in_doubt(how_.number);
    request_ = {};
    open_here_.clear();
    if (!was_up || !transient_) return;
    fate_ = fate::none;  // it ended with its connection, or ends when another takes it over
    judge_.session_in_doubt(how_.number);
    forget_session();
}

void guest::forget_session() {
    flights_.clear();
    half_received_.clear();
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

// --- publishing
// -----------------------------------------------------------------------------------

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
    flight one{.id = 0,
               .what = next_name(),
               .topic = std::string(draw_topic(chance_)),
               .payload = {},
               .level = draw_qos(chance_),
               .retain = chance_.chance(0.3)};
    if (one.level != mqtt::qos::at_most_once && flights_.size() >= flights_max_) return;
    const bool clears = one.retain && chance_.chance(0.2);
    if (!clears)
        one.payload = payload_of(one.what, chance_.uniform(chance_.chance(0.1) ? 4000 : 40));
    if (one.level != mqtt::qos::at_most_once) one.id = fresh_id();
    const mqtt::publish packet{.topic = one.topic,
                               .payload = as_bytes(one.payload),
                               .id = one.id,
                               .level = one.level,
                               .retain = one.retain};
    judge_.published(one.what, packet, on_.now());
    send(one, false);
    if (one.level != mqtt::qos::at_most_once) flights_.push_back(std::move(one));
}

void guest::send(const flight& one, bool dup) {
    said_ = on_.now();
    if (one.is_released) return link_->say(mqtt::pubrel{.id = one.id});
    link_->say(mqtt::publish{.topic = one.topic,
                             .payload = as_bytes(one.payload),
                             .id = one.id,
                             .level = one.level,
                             .retain = one.retain,
                             .dup = dup});
}

void guest::resume() {
    if (flights_.size() > flights_max_) complain("takes less at once than before");
    for (const flight& one : flights_) {
        if (!one.is_released) judge_.published_again(one.what);
        send(one, true);
    }
}

void guest::on(const mqtt::puback& p) {
    flight* const one = find(p.id);
    if (one == nullptr || one->level != mqtt::qos::at_least_once)
        return complain("acknowledged what was not sent");
    if (!is_failure(p.code)) judge_.acknowledged(one->what, on_.now());
    flights_.remove_if([&](const flight& x) { return x.id == p.id; });
}

void guest::on(const mqtt::pubrec& p) {
    flight* const one = find(p.id);
    if (one == nullptr || one->level != mqtt::qos::exactly_once)
        return complain("said PUBREC for what was not sent");
    if (is_failure(p.code)) return complain("refused a QoS 2 message");
    judge_.acknowledged(one->what, on_.now());
    one->is_released = true;
    link_->say(mqtt::pubrel{.id = p.id});
}

void guest::on(const mqtt::pubcomp& p) {
    flight* const one = find(p.id);
    if (one == nullptr || !one->is_released) return complain("completed what was not released");
    flights_.remove_if([&](const flight& x) { return x.id == p.id; });
}

// --- subscribing
// ----------------------------------------------------------------------------------

void guest::subscribe() { ask(std::string(draw_filter(chance_)), draw_qos(chance_)); }

void guest::ask(const std::string& filter, mqtt::qos most) {
    if (request_.id != 0 || phase_ != phase::up) return;
    request_ = {.id = fresh_id(), .filter = filter};
    std::array<byte, 128> room;
    writer list{room};
    mqtt::subscription_list::put(list, {.filter = request_.filter, .maximum = most});
    judge_.subscribing(how_.number, request_.filter, most);
    said_ = on_.now();
    link_->say(
        mqtt::subscribe{.id = request_.id, .filters = mqtt::subscription_list{list.written()}});
}

void guest::unsubscribe() {
    if (request_.id != 0) return;
    request_ = {.id = fresh_id(), .filter = std::string(draw_filter(chance_)), .is_removal = true};
    std::array<byte, 128> room;
    writer list{room};
    mqtt::filter_list::put(list, request_.filter);
    judge_.unsubscribing(how_.number, request_.filter);
    said_ = on_.now();
    link_->say(mqtt::unsubscribe{.id = request_.id, .filters = mqtt::filter_list{list.written()}});
}

void guest::on(const mqtt::suback& p) {
    const bool is_answer = request_.id == p.id && p.id != 0 && !request_.is_removal;
    if (!is_answer || p.codes.size() != 1) return complain("answered no SUBSCRIBE");
    if (p.codes[0] > 2) return complain("refused a subscription");
    judge_.subscribed(how_.number, request_.filter, static_cast<mqtt::qos>(p.codes[0]));
    request_ = {};
}

void guest::on(const mqtt::unsuback& p) {
    const bool is_answer = request_.id == p.id && p.id != 0 && request_.is_removal;
    if (!is_answer) return complain("answered no UNSUBSCRIBE");
    judge_.unsubscribed(how_.number, request_.filter, on_.now());
    request_ = {};
}

// --- receiving
// ------------------------------------------------------------------------------------

void guest::on_packet(const mqtt::packet& what) {
    heard_ = on_.now();
    if (phase_ == phase::greeting && !std::holds_alternative<mqtt::connack>(what))
        return complain("spoke before CONNACK");
    std::visit([this](const auto& p) { on(p); }, what);
}

void guest::on(const mqtt::disconnect& p) {
    const bool is_known = p.code == mqtt::reason::session_taken_over ||
                          p.code == mqtt::reason::keep_alive_timeout ||
                          p.code == mqtt::reason::server_shutting_down;
    if (!is_known) complain(fmt::format("sent us away: {}", describe(p.code)));
}

void guest::on(const mqtt::publish& p) {
    switch (p.level) {
        case mqtt::qos::at_most_once: return take_in(p);
        case mqtt::qos::at_least_once: take_in(p); return link_->say(mqtt::puback{.id = p.id});
        case mqtt::qos::exactly_once: break;
    }
    open_here_.insert(p.id);
    if (open_here_.size() > receive_max_) complain("exceeded our Receive Maximum");
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
    judge_.received(how_.number, seen);
    const bool is_doubled = is_unlucky && p.level == mqtt::qos::exactly_once;
    if (is_doubled && how_.planted == canary::doubled) judge_.received(how_.number, seen);
    if (when_received) when_received(seen);
}

}  // namespace nightjar::sim
