#include "scenario/scenario.hpp"

#include "scenario/guest.hpp"

#include <fmt/format.h>
#include <nightjar/broker/broker.hpp>
#include <nightjar/sim/world.hpp>

#include <algorithm>

namespace nightjar::sim {
namespace {

constexpr std::uint16_t port = 1883;
constexpr unsigned broker_host = 0;
constexpr duration patience = 600s;  // of the calm for the world to become quiet
constexpr std::size_t complaints_max = 20;

class log_to_world final : public broker::log_sink {
public:
    explicit log_to_world(world& in) noexcept : in_(in) {}
    void write(broker::log_config::type, std::string_view line) noexcept override {
        in_.log().add(in_.now(), "broker: {}", line);
    }

private:
    world& in_;
};

broker::broker_config config_of(prng& chance) {
    broker::broker_config how;
    broker::listener_config door;
    door.port = port;
    door.address = world::address_of(broker_host, port).address_text();
    door.security.allow_anonymous = true;
    how.listeners.push_back(door);
    how.sys_interval = std::chrono::seconds(0);
    how.max_queued_messages = 0;
    how.queue_qos0_messages = chance.chance(0.3);
    how.max_inflight_messages = static_cast<std::uint16_t>(1 + chance.uniform(20));
    return how;
}

class scenario {
public:
    explicit scenario(const scenario_options& how);
    verdict run();

private:
    void open_broker();
    void storm();
    void settle();
    void check_retained();
    void check_wills();
    void say_goodbye();
    void shut_down();
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
    faults weather_;
    world world_;
    log_to_world sink_{world_};
    std::vector<io::loop*> loops_;
    std::unique_ptr<broker::broker> broker_;
    unsigned guests_max_;
    oracle judge_;
    std::vector<std::unique_ptr<guest>> guests_;
    guest* probe_ = nullptr;
    std::map<std::string, message_name> retained_;
    std::set<message_name> heard_;
};

scenario::scenario(const scenario_options& how)
    : how_(how),
      chance_(how.seed ^ 0x5eed),
      weather_(faults::draw(chance_)),
      world_(how.seed, weather_),
      guests_max_(static_cast<unsigned>(2 + chance_.uniform(6))),
      judge_(guests_max_ + 1, [this](const std::string& what) { complain(what); }) {
    world_.log().copy_to(how.log);
    if (how.keeps_log) world_.log().keep();
}

void scenario::complain(std::string what) {
    world_.log().add(world_.now(), "COMPLAINT {}", what);
    if (verdict_.complaints.size() < complaints_max) verdict_.complaints.push_back(std::move(what));
}

guest& scenario::add_guest(canary planted) {
    const auto number = static_cast<unsigned>(guests_.size());
    guest_options how{.number = number,
                      .broker = world::address_of(broker_host, port),
                      .chance = world_.fork(),
                      .planted = planted};
    guests_.push_back(std::make_unique<guest>(world_.add_loop(1 + number), how, judge_,
                                              [this](const std::string& what) { complain(what); }));
    return *guests_.back();
}

void scenario::open_broker() {
    const auto workers = 1 + chance_.uniform(4);
    for (unsigned i = 0; i != workers; ++i) loops_.push_back(&world_.add_loop(broker_host));
    broker_ = std::make_unique<broker::broker>(
        config_of(chance_),
        broker::broker::ground{.loops = loops_, .log = &sink_, .seed = how_.seed});
    for (unsigned i = 0; i != workers; ++i)
        if (!broker_->open(i)) complain("the broker does not open");
}

void scenario::storm() {
    for (unsigned i = 0; i != guests_max_; ++i) add_guest(how_.planted).begin();
    rest(1s * (20 + chance_.uniform(180)));
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
    until([this] { return judge_.missing() == 0; }, patience);
    judge_.complain_of_missing();
}

void scenario::check_retained() {
    probe_ = &add_guest(canary::none);
    probe_->when_received = [this](const mqtt::publish& p) {
        const auto name = name_in(p.payload);
        if (!name) return;
        if (p.retain)
            retained_[std::string(p.topic)] = *name;
        else
            heard_.insert(*name);
    };
    probe_->calm_down();
    probe_->begin();
    if (!until([this] { return probe_->is_up(); }, 60s)) return complain("nobody comes in");
    probe_->subscribe_to_all();
    if (!until([this] { return probe_->is_settled(); }, 30s)) complain("the probe is not served");
    rest(5s);
    judge_.check_retained(retained_);
}

void scenario::check_wills() {
    std::map<message_name, bool> in_order;
    for (unsigned i = 0; i != guests_max_; ++i) {
        const bool is_polite = chance_.chance(0.5);
        in_order[guests_[i]->die_with_will(is_polite)] = is_polite;
    }
    rest(20s);
    for (const auto& [name, is_polite] : in_order) {
        const bool is_heard = heard_.contains(name);
        if (is_heard && is_polite)
            complain(
                fmt::format("client {}: its will was published after DISCONNECT", name.publisher));
        if (!is_heard && !is_polite)
            complain(fmt::format("client {}: its will was not published", name.publisher));
    }
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
    broker_.reset();
    guests_.clear();
}

verdict scenario::run() {
    open_broker();
    if (verdict_.complaints.empty()) {
        storm();
        settle();
        check_retained();
        check_wills();
        say_goodbye();
        shut_down();
    }
    verdict_.hash = world_.log().hash();
    verdict_.events = world_.log().lines();
    verdict_.weather = weather_.text();
    verdict_.log = world_.log().text();
    return std::move(verdict_);
}

}  // namespace

verdict run_scenario(const scenario_options& how) { return scenario(how).run(); }

}  // namespace nightjar::sim
