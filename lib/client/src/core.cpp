#include "core.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "coming_back.hpp"
#include "drawn_name.hpp"
#include "hello.hpp"

namespace nightjar::client {
namespace {

constexpr duration at_once = 1ms;  // zero would mean never

std::uint64_t seed_of(const options& how) {
    if (how.again.seed) return *how.again.seed;
    std::random_device from_system;
    return (std::uint64_t{from_system()} << 32) | from_system();
}

/// 3.1 has no empty identifiers, and none longer than 23 characters. [MQTT-3.1 3.1]
constexpr std::string_view id_prefix = "nightjar-";
constexpr std::size_t id_letters = 23 - id_prefix.size();

}  // namespace

void time_limit::fire(timer& self, instant) noexcept {
    auto& limit = static_cast<time_limit&>(self);
    limit.core_->on_overdue(limit.name_);
}

core::~core() {
    if (link_) link::abandon(std::move(link_));
}

void core::retire() noexcept {
    if (visits_ == 0) {
        delete this;
        return;
    }
    is_retired_ = true;
    replace_callbacks({});
    time_.cancel();
    attempt_.reset();
    state_ = state::leaving;  // so that whoever is on the way back through here does nothing
}

void core::settle_visits() noexcept {
    if (past_.empty() && !is_retired_) return;
    // What an old callback owned may call us once more when it goes, or be the client itself.
    ++visits_;
    while (!past_.empty()) std::exchange(past_, {}).clear();
    --visits_;
    if (is_retired_) delete this;
}

/// One of the old ones may be running.
void core::replace_callbacks(callbacks who) {
    past_.push_back(std::exchange(who_, std::make_unique<callbacks>(std::move(who))));
}

// --- the way there

result<> core::connect(options how, callbacks who) {
    const visit stay(*this);
    if (state_ != state::idle || !is_sound(how)) return fail(error::invalid);
    if (how.clean_start) drop_session();
    if (state_ != state::idle) return fail(error::invalid);  // somebody who was told of a drop
    auto fresh = std::make_unique<flight>(how.in_flight_max, policy_of(how).receive_maximum);
    if (flight_ && !fresh->take_over(*flight_)) fresh = std::move(flight_);
    flight_ = std::move(fresh);
    settle(std::move(how), std::move(who));
    dial();
    return {};
}

void core::settle(options how, callbacks who) {
    const std::uint64_t seed = seed_of(how);
    backoff_.emplace(how.again.first, how.again.longest, seed);
    random_.emplace(~seed);
    is_first_ = true;
    how_ = std::move(how);
    replace_callbacks(std::move(who));
    policy_ = policy_of(how_);
    places_.assign(1, {how_.host, how_.port});
    places_.insert(places_.end(), how_.others.begin(), how_.others.end());
    place_ = failed_places_ = 0;
    client_id_ = how_.client_id;
    if (client_id_.empty() && how_.version == mqtt::version::v3_1)
        client_id_ = std::string(id_prefix) + drawn_name(random_->fork(), id_letters);
}

void core::dial() {
    state_ = state::dialing;
    ++attempts_;
    const io::dial_options to{.host = server().host,
                              .port = server().port,
                              .from = {},
                              .no_delay = how_.no_delay,
                              .time_limit = how_.connect_within};
    const bool is_local = !how_.unix_path.empty() && place_ == 0;
    const auto address = is_local ? io::endpoint::local(how_.unix_path)
                                  : io::endpoint::parse(server().host, server().port);
    if (address) {
        attempt_ = io::dial(loop_, std::span(&*address, 1), to, *this);
        return;
    }
    if (is_local) return fall({ending::cause::unreachable, address.error()}, false);
    if (!names_) {
        auto made = io::resolver::make(loop_);
        if (!made) return fall({ending::cause::unreachable, made.error()}, true);
        names_ = std::move(*made);
    }
    attempt_ = io::dial(loop_, *names_, to, *this);
}

void core::on_connected(io::stream& fresh) noexcept {
    const visit stay(*this);
    attempt_.reset();
    state_ = state::opening;
    received_aliases_.clear();
    link_ = std::make_unique<link>(*this, loop_, policy_, flight_->windows());
    if (!say_hello()) {
        end_with({ending::cause::broken, error::invalid, mqtt::reason::packet_too_large}, false);
    }
    link_->open(fresh);
}

void core::on_connect_failed(error why) noexcept {
    const visit stay(*this);
    attempt_.reset();
    fall({ending::cause::unreachable, why}, true);
}

bool core::say_hello() {
    const bool clean = is_first_ ? how_.clean_start : !is_durable(how_);
    std::vector<byte> room;
    const mqtt::connect hello = make_hello(how_, client_id_, clean, room);
    return link_->machine().connect(hello, !clean, loop_.now()).has_value();
}

// --- and back

void core::disconnect(mqtt::reason code, mqtt::properties props) {
    const visit stay(*this);
    if (delivering_ && state_ == state::connected) {  // the message is acknowledged first
        farewell_ = {code, {props.raw().begin(), props.raw().end()}};
        return;
    }
    switch (state_) {
        case state::idle: return;
        case state::leaving: may_retry_ = false; return;
        case state::over: ending_.again_in = {}; return;
        case state::connected:
        case state::opening:
            link_->machine().disconnect_now(code, props);
            end_with({ending::cause::asked, {}, code}, false);
            return;
        case state::dialing:
        case state::waiting:
            attempt_.reset();
            return fall({ending::cause::asked, error::cancelled, code}, false);
    }
}

/// The connection is over for `why`; what is still to be written leaves first.
void core::end_with(ending why, bool may_retry) {
    if (state_ == state::leaving) return;
    state_ = state::leaving;
    ending_ = std::move(why);
    may_retry_ = may_retry;
    link_->finish();
}

void core::on_link_closed(error why) {
    const std::unique_ptr<link> gone = std::move(link_);
    requests_.unsend();
    receipts_.connection_lost();
    if (state_ == state::leaving) return fall(ending_, may_retry_);
    fall({ending::cause::lost, why}, true);
}

/// There is no connection: says so from the loop, and waits for the next attempt if there is one.
void core::fall(ending why, bool may_retry) {
    why.again_in = may_retry && how_.again.is_on ? pause_before_next(why) : duration::zero();
    connected_at_ = {};
    ending_ = std::move(why);
    state_ = state::over;
    time_.start(loop_, 0ns);
}

/// The next broker at once, until all were tried; then as the back-off says.
duration core::pause_before_next(const ending& why) {
    const bool was_connected = connected_at_ != instant{};
    if (was_connected) backoff_->lasted(loop_.now() - connected_at_);
    if (was_connected && !is_elsewhere(why.code)) {
        failed_places_ = 0;
        return backoff_->next();
    }
    place_ = (place_ + 1) % places_.size();
    if (++failed_places_ < places_.size()) return at_once;
    failed_places_ = 0;
    return backoff_->next();
}

void core::on_time() noexcept {
    const visit stay(*this);
    if (state_ == state::waiting) return dial();
    const ending why = ending_;
    if (why.again_in > duration::zero()) {
        state_ = state::waiting;
        time_.start(loop_, why.again_in);
    } else {
        state_ = state::idle;
    }
    // May call connect(), which replaces it.
    const callbacks& who = *who_;
    if (who.on_disconnected) who.on_disconnected(why);
}

}  // namespace nightjar::client
