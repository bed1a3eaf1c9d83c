#include "core.hpp"

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <random>
#include <utility>

#include "hello.hpp"

namespace nightjar::client {
namespace {

std::uint64_t seed_of(const options& how) {
    if (how.again.seed) return *how.again.seed;
    std::random_device from_system;
    return (std::uint64_t{from_system()} << 32) | from_system();
}

/// 3.1 has no empty identifiers, and none longer than 23 characters. [MQTT-3.1 3.1]
std::string made_up_id(std::uint64_t seed) {
    static constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    prng random(seed);
    std::string id = "nightjar-";
    while (id.size() < 23) id += letters[random.uniform(letters.size())];
    return id;
}

}  // namespace

core::~core() {
    expects(!delivering_, "a client is not destroyed by its own callback");
    if (link_) link::abandon(std::move(link_));
}

// --- the way there

result<> core::connect(options how, callbacks who) {
    if (state_ != state::idle || !is_sound(how)) return fail(error::invalid);
    if (how.clean_start) drop_session();
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
    is_first_ = true;
    how_ = std::move(how);
    who_ = std::move(who);
    policy_ = policy_of(how_);
    client_id_ = how_.client_id;
    if (client_id_.empty() && how_.version == mqtt::version::v3_1) client_id_ = made_up_id(seed);
}

void core::dial() {
    state_ = state::dialing;
    ++attempts_;
    const io::dial_options to{.host = how_.host,
                              .port = how_.port,
                              .from = {},
                              .no_delay = how_.no_delay,
                              .time_limit = how_.connect_within};
    const auto place = how_.unix_path.empty() ? io::endpoint::parse(how_.host, how_.port)
                                              : io::endpoint::local(how_.unix_path);
    if (place) {
        attempt_ = io::dial(loop_, std::span(&*place, 1), to, *this);
        return;
    }
    if (!how_.unix_path.empty()) return fall({ending::cause::unreachable, place.error()}, false);
    if (!names_) {
        auto made = io::resolver::make(loop_);
        if (!made) return fall({ending::cause::unreachable, made.error()}, true);
        names_ = std::move(*made);
    }
    attempt_ = io::dial(loop_, *names_, to, *this);
}

void core::on_connected(io::stream& fresh) noexcept {
    attempt_.reset();
    state_ = state::opening;
    aliases_.clear();
    link_ = std::make_unique<link>(*this, loop_, policy_, flight_->windows());
    if (!say_hello()) {
        end_with({ending::cause::broken, error::invalid, mqtt::reason::packet_too_large}, false);
    }
    link_->open(fresh);
}

void core::on_connect_failed(error why) noexcept {
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
    ending_ = why;
    may_retry_ = may_retry;
    link_->finish();
}

void core::on_link_closed(error why) {
    const std::unique_ptr<link> gone = std::move(link_);
    requests_.unsend();
    if (state_ == state::leaving) return fall(ending_, may_retry_);
    fall({ending::cause::lost, why}, true);
}

/// There is no connection: says so from the loop, and waits for the next attempt if there is one.
void core::fall(ending why, bool may_retry) {
    if (connected_at_ != instant{}) {
        backoff_->lasted(loop_.now() - connected_at_);
        connected_at_ = {};
    }
    ending_ = why;
    if (may_retry && how_.again.is_on) ending_.again_in = backoff_->next();
    state_ = state::over;
    time_.start(loop_, 0ns);
}

void core::on_time() noexcept {
    if (state_ == state::waiting) return dial();
    const ending why = ending_;
    if (why.again_in > duration::zero()) {
        state_ = state::waiting;
        time_.start(loop_, why.again_in);
    } else {
        state_ = state::idle;
    }
    // Copied: on_disconnected may call connect(), which replaces it.
    if (const auto call = who_.on_disconnected) call(why);
}

}  // namespace nightjar::client
