// CONNECT, and what its answer must say of the session.

#include "scenario/guest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nightjar::sim {
namespace {

using mqtt::property_id;

constexpr std::uint16_t flights_most = 10;

instant after(instant from, std::uint32_t expiry_s) {
    return expiry_s == expiry_never ? never : from + 1s * expiry_s;
}

}  // namespace

void guest::dial() {
    if (has_left_) return;
    const bool waits = left_at_ != never && parting_ &&
                       (!parting_->returns || on_.now() < left_at_ + *parting_->returns);
    if (waits) return;
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

guest::terms guest::draw_terms() {
    terms made;
    const bool is_free = !is_calm_ && !is_contested();
    const bool must = must_be_clean_ || is_leaving_ || on_.now() < danger_until_;
    made.clean = must || (is_free && chance_.chance(0.15));
    made.expiry_s = draw_expiry(is_free);
    if (version_ != mqtt::version::v5) {
        made.clean |= made.is_transient();
        made.expiry_s = made.clean ? 0 : expiry_never;
    }
    made.keep_alive_s =
        static_cast<std::uint16_t>(chance_.chance(0.3) ? 0 : 5 + chance_.uniform(60));
    if (version_ == mqtt::version::v5 && chance_.chance(0.5))
        made.receive_max = static_cast<std::uint16_t>(1 + chance_.uniform(5));
    if (how_.does.aliases && version_ == mqtt::version::v5 && chance_.chance(0.7))
        made.alias_max = static_cast<std::uint16_t>(1 + chance_.uniform(4));
    made.has_will = !is_calm_ && chance_.chance(0.3);
    if (how_.does.delays_wills && version_ == mqtt::version::v5 && chance_.chance(0.7))
        made.will_delay_s = static_cast<std::uint32_t>(1 + chance_.uniform(20));
    if (!parting_) return made;
    made.clean = left_at_ != never && parting_->returns_clean;
    if (left_at_ == never) {
        made.expiry_s = parting_->expiry_s;
        made.has_will = parting_->has_will;
        made.will_delay_s = parting_->delay_s;
        made.clean = version_ != mqtt::version::v5 && made.is_transient();
    }
    if (version_ != mqtt::version::v5 && left_at_ != never)
        made.expiry_s = made.clean ? 0 : expiry_never;
    return made;
}

std::uint32_t guest::draw_expiry(bool is_free) {
    if (is_leaving_ || (is_free && chance_.chance(0.2))) return 0;
    if (!is_free || !how_.does.expires || chance_.chance(0.5)) return expiry_never;
    return static_cast<std::uint32_t>(1 + chance_.uniform(chance_.chance(0.3) ? 300 : 30));
}

mqtt::properties guest::describe_terms(mqtt::property_writer& into) const {
    if (version_ != mqtt::version::v5) return into.made();
    const bool is_immortal = how_.planted == canary::immortal;
    if (!terms_.is_transient())
        into.add(property_id::session_expiry_interval,
                 is_immortal ? expiry_never : terms_.expiry_s);
    if (terms_.receive_max != 65535)
        into.add(property_id::receive_maximum, std::uint32_t{terms_.receive_max});
    if (terms_.alias_max != 0)
        into.add(property_id::topic_alias_maximum, std::uint32_t{terms_.alias_max});
    return into.made();
}

void guest::make_will(mqtt::connect& hello, std::string& payload, bytes room) {
    const bool is_last = parting_.has_value();
    will_ = next_name();
    payload = payload_of(will_, 10);
    mqtt::property_writer props{room};
    if (terms_.will_delay_s != 0 && how_.planted != canary::hasty)
        props.add(property_id::will_delay_interval, terms_.will_delay_s);
    hello.last_will = {.topic = is_last ? "a" : draw_topic(chance_),
                       .payload = as_bytes(payload),
                       .level = is_last ? mqtt::qos::exactly_once : draw_qos(chance_),
                       .retain = !is_last && chance_.chance(0.2),
                       .props = props.made()};
    const std::uint32_t waits_s = std::min(terms_.will_delay_s, terms_.expiry_s);
    judge_.has_will(will_, *hello.last_will, 1s * waits_s, on_.now());
    if (on_.now() < danger_until_) judge_.will_hurries(will_);
}

void guest::greet() {
    phase_ = phase::greeting;
    heard_ = said_ = connect_said_ = alive_ = on_.now();
    pings_.clear();
    terms_ = draw_terms();
    heard_aliases_.begin(terms_.alias_max);
    said_aliases_.begin(0);
    std::array<byte, 64> room;
    std::array<byte, 16> will_room;
    mqtt::property_writer props{room};
    mqtt::connect hello{.version = version_,
                        .clean_start = terms_.clean,
                        .keep_alive_s = terms_.keep_alive_s,
                        .client_id = name_,
                        .props = describe_terms(props)};
    std::string payload;
    if (terms_.clean)  // the session may end before its will's delay
        for (const message_name one : old_wills_) judge_.will_hurries(one);
    if (terms_.has_will) make_will(hello, payload, will_room);
    if (terms_.clean || terms_.is_transient()) judge_.session_in_doubt(how_.number);
    must_be_clean_ |= terms_.clean;
    if (is_held_) link_->hold(true);
    link_->say(hello);
}

guest::fate guest::expected() const {
    if (parting_ && left_at_ != never) return parting_->session_waits() ? fate::kept : fate::none;
    if (terms_.clean) return fate::none;
    if (session_.is != fate::kept || on_.now() < session_.surely_until) return session_.is;
    return connect_said_ > session_.over_from ? fate::none : fate::unknown;
}

void guest::on(const mqtt::connack& p) {
    if (phase_ != phase::greeting) return complain("said CONNACK twice");
    if (is_failure(p.code)) return turned_away(p.code);
    phase_ = phase::up;
    const fate due = expected();
    if (due == fate::none && p.session_present) complain("has a session that had ended");
    if (due == fate::kept && !p.session_present) complain("lost a session");
    if (p.session_present)
        for (const message_name one : old_wills_) judge_.will_is_spared(one, on_.now());
    old_wills_.clear();
    must_be_clean_ = false;
    session_ = {.is = fate::kept};
    lived_at(connect_said_);
    const auto most = p.props.number(property_id::receive_maximum);
    flights_max_ = std::min(flights_most, static_cast<std::uint16_t>(most.value_or(flights_most)));
    const auto aliases = p.props.number(property_id::topic_alias_maximum);
    said_aliases_.begin(static_cast<std::uint16_t>(how_.does.aliases ? aliases.value_or(0) : 0));
    has_shared_ = version_ != mqtt::version::v5 ||
                  p.props.number(property_id::shared_subscription_available).value_or(1) != 0;
    if (!p.session_present) {
        forget_session();
        judge_.session_begins(how_.number);
    }
    if (parting_ && left_at_ == never) {
        left_at_ = on_.now();
        if (parting_->returns) act_.start_at(on_, left_at_ + *parting_->returns);
        if (parting_->how == parting::manner::with_will)
            return leave(mqtt::reason::disconnect_with_will);
        return leave(parting_->how == parting::manner::in_order);
    }
    if (is_leaving_) {
        has_left_ = true;
        return leave(true);
    }
    resume();
}

/// Nothing of its CONNECT comes into effect.
void guest::turned_away(mqtt::reason why) {
    const bool is_busy =
        why == mqtt::reason::server_busy || why == mqtt::reason::server_unavailable;
    if (!how_.may.refuses || !is_busy) complain(fmt::format("refused: {}", describe(why)));
    if (terms_.has_will) judge_.refused(will_);
    phase_ = phase::away;
    drop_link(true);
}

/// The broker surely served this connection at `when`: so it has not ended before.
void guest::lived_at(instant when) {
    alive_ = std::max(alive_, when);
    if (terms_.has_will) judge_.will_rests(will_, alive_);
}

void guest::connection_over() {
    const phase was = std::exchange(phase_, phase::away);
    if (was == phase::greeting) strayed();
    if (alive_ < danger_until_) {  // a stray CONNECT may have ended this one, and its session
        must_be_clean_ = true;
        judge_.session_in_doubt(how_.number);
    }
    request_ = {};
    open_here_.clear();
    if (was != phase::up) return;
    judge_.connection_ended(how_.number, on_.now());
    if (terms_.has_will) old_wills_.push_back(will_);
    session_left();
}

/// Its CONNECT may be read after the next one's, by another worker, and end what that one began.
void guest::strayed() {
    const instant until = on_.now() + how_.stray_max;
    if (terms_.has_will) judge_.will_hurries(will_);
    // It may find the session expired and begin another one, which the next CONNECT would take for
    // the one it knows.
    const bool stays = session_.is == fate::kept && until < session_.surely_until;
    must_be_clean_ |= !stays && session_.is != fate::none;
    if (terms_.clean || terms_.is_transient()) danger_until_ = std::max(danger_until_, until);
    if (terms_.clean || terms_.is_transient() || session_.is == fate::none)
        session_.is = fate::unknown;
    if (connect_said_ >= stray_until_) stray_expiry_s_ = expiry_never;
    stray_expiry_s_ = std::min(stray_expiry_s_, terms_.expiry_s);
    stray_until_ = until;
    session_.surely_until = std::min(session_.surely_until, after(connect_said_, terms_.expiry_s));
    session_.over_from = never;
}

/// What the broker keeps of a connection that is over for us, and may not be for the broker.
void guest::session_left() {
    const bool has_strays = alive_ < stray_until_;
    if (terms_.is_transient()) {
        // It ended with its connection, or ends when another takes it over.
        session_ = {.is = has_strays ? fate::unknown : fate::none};
        judge_.session_in_doubt(how_.number);
        return forget_session();
    }
    const std::uint32_t least_s =
        has_strays ? std::min(stray_expiry_s_, terms_.expiry_s) : terms_.expiry_s;
    session_.surely_until = after(alive_, least_s);
    session_.over_from = never;
    const bool is_bounded = terms_.keep_alive_s != 0 && terms_.expiry_s != expiry_never;
    if (has_strays || !is_bounded || is_contested()) return;
    // Whatever happened to the connection, the broker has missed the client by then.
    const duration missed = 1500ms * terms_.keep_alive_s + how_.stray_max;
    session_.over_from = after(on_.now() + missed, terms_.expiry_s);
}

void guest::forget_session() {
    flights_.clear();
    half_received_.clear();
}

}  // namespace nightjar::sim
