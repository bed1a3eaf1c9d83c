#include "scenario/scenario.hpp"

#include "scenario/guest.hpp"
#include "scenario/plan.hpp"

#include <fmt/format.h>
#include <heap/counted_heap.hpp>
#include <nightjar/broker/broker.hpp>
#include <nightjar/sim/world.hpp>

#include <algorithm>

namespace nightjar::sim {
namespace {

constexpr std::uint16_t port = 1883;
constexpr unsigned broker_host = 0;
constexpr duration patience = 600s;  // of the calm for the world to become quiet
constexpr std::size_t complaints_max = 20;
// What a broker may still hold when all have left. Per worker and per client: retained messages,
// chunks of slabs, tables. Per worker where something made its output wait: io::chunk_pool's room.
constexpr std::int64_t kept_most = 100 * 1024;
constexpr std::int64_t kept_for_output = 4 * 1024 * 1024;
constexpr std::int64_t kept_per_client = 32 * 1024;

plan drawn(std::uint64_t seed) {
    prng chance(seed ^ 0x5eed);
    return plan::draw(chance);
}

class log_to_world final : public broker::log_sink {
public:
    explicit log_to_world(world& in) noexcept : in_(in) {}
    void write(broker::log_config::type, std::string_view line) noexcept override {
        in_.log().add(in_.now(), "broker: {}", line);
    }

private:
    world& in_;
};

broker::listener_config open_door() {
    broker::listener_config door;
    door.port = port;
    door.address = world::address_of(broker_host, port).address_text();
    door.security.allow_anonymous = true;
    return door;
}

class scenario {
public:
    explicit scenario(const scenario_options& how);
    verdict run();

private:
    void open_broker();
    void storm();
    void settle();
    void check_connections();
    void check_missing();
    void check_slow_readers();
    void check_retained();
    void check_partings();
    void check_will_of(const guest& who, const parting& how);
    void say_goodbye();
    void shut_down();
    std::int64_t may_keep() const;
    bool until(const std::function<bool()>& done, duration bound) {
        return world_.run_until(done, bound);
    }
    void rest(duration time) {
        until([] { return false; }, time);
    }
    void complain(std::string what);
    guest& add_guest(canary planted);

    scenario_options how_;
    prng chance_;
    verdict verdict_;
    plan plan_;
    world world_;
    log_to_world sink_{world_};
    std::vector<io::loop*> loops_;
    std::unique_ptr<broker::broker> broker_;
    oracle judge_;
    std::vector<std::unique_ptr<guest>> guests_;
    guest* probe_ = nullptr;
    std::int64_t held_at_first_ = 0;  // by the broker before anybody came
    std::map<std::string, message_name> retained_;
    std::map<message_name, instant> heard_;
};

scenario::scenario(const scenario_options& how)
    : how_(how),
      chance_(how.seed ^ 0xca1f),
      plan_(drawn(how.seed)),
      world_(how.seed, plan_.weather),
      judge_(plan_.guests + 1, [this](const std::string& what) { complain(what); }) {
    world_.log().copy_to(how.log);
    if (how.keeps_log) world_.log().keep();
}

void scenario::complain(std::string what) {
    world_.log().add(world_.now(), "COMPLAINT {}", what);
    if (verdict_.complaints.size() < complaints_max) verdict_.complaints.push_back(std::move(what));
}

guest& scenario::add_guest(canary planted) {
    const auto number = static_cast<unsigned>(guests_.size());
    const bool is_slow = plan_.does.reads_slowly && number != 0 && chance_.chance(0.4);
    if (is_slow)
        world_.set_reader(1 + number,
                          {.read_max = 1 + chance_.uniform(chance_.chance(0.3) ? 8 : 1000),
                           .window = 16 + chance_.uniform(2000)});
    guest_options how{.number = number,
                      .broker = world::address_of(broker_host, port),
                      .chance = world_.fork(),
                      .planted = planted,
                      .does = plan_.does,
                      .is_slow = is_slow,
                      .stray_max = plan_.stray_max()};
    guests_.push_back(std::make_unique<guest>(world_.add_loop(1 + number), how, judge_,
                                              [this](const std::string& what) { complain(what); }));
    return *guests_.back();
}

void scenario::open_broker() {
    for (unsigned i = 0; i != plan_.workers; ++i) loops_.push_back(&world_.add_loop(broker_host));
    broker::broker_config config = plan_.config;
    config.listeners.push_back(open_door());
    const std::int64_t before = counted_heap::bytes_of_this_thread();
    broker_ = std::make_unique<broker::broker>(
        std::move(config),
        broker::broker::ground{.loops = loops_, .log = &sink_, .seed = how_.seed});
    for (unsigned i = 0; i != plan_.workers; ++i)
        if (!broker_->open(i)) complain("the broker does not open");
    held_at_first_ = counted_heap::bytes_of_this_thread() - before;
}

void scenario::storm() {
    for (unsigned i = 0; i != plan_.guests; ++i) add_guest(how_.planted).begin();
    rest(plan_.storm);
}

void scenario::settle() {
    world_.set_faults({});
    for (auto& one : guests_) one->calm_down();
    rest(5s);  // for the last connections that the storm held up
    const bool is_quiet = until(
        [this] {
            const bool all = std::ranges::all_of(guests_, [](auto& g) { return g->is_settled(); });
            return all && broker_->count().queued == 0;
        },
        patience);
    if (!is_quiet) {
        complain(fmt::format("no quiet after the storm: {} queued", broker_->count().queued));
        for (auto& one : guests_)
            if (!one->is_settled()) complain(one->state_text());
    }
    check_connections();
    check_missing();
    judge_.check_shares();
}

/// Of each client one connection is left, whatever came before.
void scenario::check_connections() {
    const auto up = [this] { return broker_->count().clients_connected; };
    if (!until([&] { return up() == guests_.size(); }, patience))
        complain(fmt::format("{} connections of {} clients", up(), guests_.size()));
}

/// Where the broker may drop, no more is missing than it says it dropped.
void scenario::check_missing() {
    const auto missing = [this] { return judge_.missing(world_.now()); };
    const auto dropped = [this] { return plan_.has_limits ? broker_->count().publish_dropped : 0; };
    if (!until([&] { return missing() <= dropped(); }, patience))
        judge_.complain_of_missing(world_.now());
}

/// Who does not read makes nobody wait.
void scenario::check_slow_readers() {
    guest& speaker = *guests_.front();
    std::vector<std::size_t> before;
    for (auto& one : guests_) {
        if (one->is_slow()) one->pause_reading(true);
        before.push_back(judge_.missing(one->number(), world_.now()));
    }
    for (int i = 0; i != 20; ++i) {
        if (!until([&] { return speaker.may_publish(); }, 1s))
            return complain("slow readers hold up a publisher");
        speaker.publish_to(draw_topic(chance_), 1000, 0);
        rest(20ms);
    }
    rest(1s);
    for (auto& one : guests_) {
        const bool waits = judge_.missing(one->number(), world_.now()) > before[one->number()];
        if (waits && !one->is_slow())
            complain(fmt::format("client {} waits for slow readers", one->number()));
        one->pause_reading(false);
    }
    settle();
}

void scenario::check_retained() {
    probe_ = &add_guest(canary::none);
    probe_->when_received = [this](const mqtt::publish& p) {
        const auto name = name_in(p.payload);
        if (!name) return;
        if (p.retain)
            retained_[std::string(p.topic)] = *name;
        else
            heard_.try_emplace(*name, world_.now());
    };
    probe_->calm_down();
    probe_->begin();
    if (!until([this] { return probe_->is_up(); }, 60s)) return complain("nobody comes in");
    probe_->subscribe_to_all();
    if (!until([this] { return probe_->is_settled(); }, 30s)) complain("the probe is not served");
    rest(5s);
    judge_.check_retained(retained_);
    if (!plan_.has_limits)
        judge_.check_retained_lost(retained_);  // else what was sent may be dropped
}

void scenario::check_partings() {
    std::vector<parting> all;
    for (unsigned i = 0; i != plan_.guests; ++i) {
        all.push_back(parting::draw(chance_, guests_[i]->version()));
        guests_[i]->part(all.back());
    }
    rest(2s);
    for (int i = 0; i != 5; ++i)  // for those who come back, if it has not expired by then
        probe_->publish_to(draw_topic(chance_), 10,
                           static_cast<std::uint32_t>(chance_.uniform(10)));
    rest(parting::all_over);
    for (unsigned i = 0; i != plan_.guests; ++i) {
        check_will_of(*guests_[i], all[i]);
        if (!all[i].session_waits() || plan_.has_limits) continue;
        if (const auto many = judge_.missing(i, world_.now()))
            complain(fmt::format("client {}: {} messages did not wait for it", i, many));
    }
}

void scenario::check_will_of(const guest& who, const parting& how) {
    if (who.left_at() == never) return complain(who.state_text() + ", and did not leave");
    if (!how.has_will) return;
    const auto due = how.will_due();
    const auto heard = heard_.find(who.will());
    const bool is_heard = heard != heard_.end();
    if (is_heard && !due)
        complain(fmt::format("client {}: its will was published for nothing", who.number()));
    if (!is_heard && due && !plan_.has_limits)
        complain(fmt::format("client {}: its will was not published", who.number()));
    if (is_heard && due && heard->second > who.left_at() + *due + 1s)
        complain(fmt::format("client {}: its will was late", who.number()));
}

void scenario::say_goodbye() {
    for (auto& one : guests_) one->say_goodbye();
    rest(20s);
    const auto left = broker_->count();
    if (left.clients_connected + left.clients_disconnected + left.queued != 0)
        complain(
            fmt::format("after all have left: {} connected, {} sessions wait, {} messages wait",
                        left.clients_connected, left.clients_disconnected, left.queued));
}

std::int64_t scenario::may_keep() const {
    const faults& weather = plan_.weather;
    const bool waited = plan_.does.reads_slowly || weather.small_window > 0 || weather.weather > 0s;
    const std::int64_t per_worker = kept_most + (waited ? kept_for_output : 0);
    return per_worker * plan_.workers + kept_most + kept_per_client * plan_.guests;
}

void scenario::shut_down() {
    verdict_.delivered = broker_->count().publish_sent;
    for (unsigned i = 0; i != loops_.size(); ++i)
        loops_[i]->post([this, i] { broker_->shut_down(i); });
    const bool is_over = until(
        [this] {
            for (unsigned i = 0; i != loops_.size(); ++i)
                if (!broker_->is_quiet(i)) return false;
            return true;
        },
        60s);
    if (!is_over) complain("the broker does not end");
    for (auto& one : guests_) one->end_all();
    rest(1s);
    for (auto& one : guests_) {
        one->sweep();
        if (!one->is_alone()) complain("a connection was left open");
    }
    if (world_.connections() != 0)
        complain(fmt::format("{} connections were left", world_.connections()));
    const std::int64_t before = counted_heap::bytes_of_this_thread();
    broker_.reset();
    const std::int64_t held = before - counted_heap::bytes_of_this_thread();
    const std::int64_t grown = held - held_at_first_;
    if (grown > may_keep())
        complain(fmt::format("the broker keeps {} bytes more than before anybody came", grown));
    guests_.clear();
}

verdict scenario::run() {
    open_broker();
    if (verdict_.complaints.empty()) {
        storm();
        settle();
        if (plan_.does.reads_slowly) check_slow_readers();
        check_retained();
        check_partings();
        say_goodbye();
        shut_down();
    }
    verdict_.hash = world_.log().hash();
    verdict_.events = world_.log().lines();
    verdict_.log = world_.log().text();
    return std::move(verdict_);
}

}  // namespace

verdict run_scenario(const scenario_options& how) {
    verdict what;
    const std::int64_t before = counted_heap::bytes_of_this_thread();
    {
        scenario whole(how);
        what = whole.run();
    }
    const std::int64_t kept = counted_heap::bytes_of_this_thread() - before;
    if (what.complaints.empty() && !how.keeps_log && kept != 0)
        what.complaints.push_back(fmt::format("{} bytes were not returned", kept));
    what.plan = drawn(how.seed).text();
    return what;
}

}  // namespace nightjar::sim
