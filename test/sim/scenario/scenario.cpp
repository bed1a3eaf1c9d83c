#include "scenario/storm.hpp"

#include <fmt/format.h>
#include <heap/counted_heap.hpp>

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

broker::listener_config open_door(broker::listener_config drawn) {
    drawn.port = port;
    drawn.address = world::address_of(broker_host, port).address_text();
    drawn.security.allow_anonymous = true;
    return drawn;
}

/// The planted bug.
void turn_round(broker::listener_config& door) {
    using policy = broker::listener_config::slow_policy;
    policy& now = door.slow_subscriber_policy;
    now = now == policy::drop_oldest ? policy::drop_newest : policy::drop_oldest;
}

}  // namespace

std::uint64_t pressed_memory::bytes_used() const noexcept {
    if (is_boundless_) return 0;
    if (!whose_) return elsewhere_;
    const broker::statistics now = whose_->count();
    return elsewhere_ + now.queued_bytes + now.output_bytes + 200 * now.queued;
}

plan plan_of(std::uint64_t seed) {
    prng chance(seed ^ 0x5eed);
    return plan::draw(chance);
}

storm::storm(const scenario_options& how)
    : how_(how),
      chance_(how.seed ^ 0xca1f),
      plan_(plan_of(how.seed)),
      world_(how.seed, plan_.weather),
      judge_(plan_.guests + 1, [this](const std::string& what) { complain(what); }) {
    world_.log().copy_to(how.log);
    if (how.keeps_log) world_.log().keep();
    if (how.planted == canary::boundless) memory_.be_boundless();
}

void storm::complain(std::string what) {
    world_.log().add(world_.now(), "COMPLAINT {}", what);
    if (verdict_.complaints.size() < complaints_max) verdict_.complaints.push_back(std::move(what));
}

guest& storm::add_guest(canary planted) {
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
                      .may = plan_.pressure(),
                      .is_slow = is_slow,
                      .stray_max = plan_.stray_max()};
    guests_.push_back(std::make_unique<guest>(world_.add_loop(1 + number), how, judge_,
                                              [this](const std::string& what) { complain(what); }));
    return *guests_.back();
}

void storm::open_broker() {
    for (unsigned i = 0; i != plan_.workers; ++i) loops_.push_back(&world_.add_loop(broker_host));
    broker::broker_config config = plan_.config;
    config.listeners.push_back(open_door(plan_.door));
    if (how_.planted == canary::turned) turn_round(config.listeners.back());
    const std::int64_t before = counted_heap::bytes_of_this_thread();
    broker_ = std::make_unique<broker::broker>(
        std::move(config),
        broker::broker::ground{
            .loops = loops_, .log = &sink_, .seed = how_.seed, .memory = &memory_});
    memory_.watch(*broker_);
    for (unsigned i = 0; i != plan_.workers; ++i)
        if (!broker_->open(i)) complain("the broker does not open");
    held_at_first_ = counted_heap::bytes_of_this_thread() - before;
}

void storm::rage() {
    for (unsigned i = 0; i != plan_.guests; ++i) add_guest(how_.planted).begin();
    if (!plan_.is_short) return rest(plan_.storm);
    const instant end = world_.now() + plan_.storm;
    while (world_.now() < end) {
        rest(std::min<duration>(1s * (1 + chance_.uniform(20)), end - world_.now()));
        memory_.press(draw_pressure());
    }
}

/// Mostly near one of the marks that docs/limits.md names.
std::uint64_t storm::draw_pressure() {
    const std::uint64_t all = plan_.config.memory_limit;
    const std::uint64_t marks[] = {0, 0, all - all / 8, all - all / 16, all};
    const std::uint64_t mark = marks[chance_.uniform(std::size(marks))];
    const std::uint64_t off = chance_.uniform(20'000);
    return chance_.chance(0.5) ? mark + off : mark - std::min(mark, off);
}

void storm::settle() {
    world_.set_faults({});
    memory_.press(0);
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

void storm::say_goodbye() {
    for (auto& one : guests_) one->say_goodbye();
    rest(20s);
    const auto left = broker_->count();
    if (left.clients_connected + left.clients_disconnected + left.queued != 0)
        complain(
            fmt::format("after all have left: {} connected, {} sessions wait, {} messages wait",
                        left.clients_connected, left.clients_disconnected, left.queued));
}

std::int64_t storm::may_keep() const {
    const faults& weather = plan_.weather;
    const bool waited = plan_.does.reads_slowly || weather.small_window > 0 || weather.weather > 0s;
    const std::int64_t per_worker = kept_most + (waited ? kept_for_output : 0);
    return per_worker * plan_.workers + kept_most + kept_per_client * plan_.guests;
}

void storm::shut_down() {
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
    memory_.forget();
    broker_.reset();
    const std::int64_t held = before - counted_heap::bytes_of_this_thread();
    const std::int64_t grown = held - held_at_first_;
    if (grown > may_keep())
        complain(fmt::format("the broker keeps {} bytes more than before anybody came", grown));
    guests_.clear();
}

verdict storm::run() {
    open_broker();
    if (verdict_.complaints.empty()) {
        rage();
        settle();
        if (plan_.does.reads_slowly) check_slow_readers();
        check_retained();
        if (plan_.has_limits) check_queue();
        if (plan_.is_short) check_memory();
        const auto missing = missing_now();
        check_partings();
        say_goodbye();
        check_losses(missing);
        shut_down();
    }
    verdict_.hash = world_.log().hash();
    verdict_.events = world_.log().lines();
    verdict_.log = world_.log().text();
    return std::move(verdict_);
}

verdict run_scenario(const scenario_options& how) {
    verdict what;
    const std::int64_t before = counted_heap::bytes_of_this_thread();
    {
        storm whole(how);
        what = whole.run();
    }
    const std::int64_t kept = counted_heap::bytes_of_this_thread() - before;
    if (what.complaints.empty() && !how.keeps_log && kept != 0)
        what.complaints.push_back(fmt::format("{} bytes were not returned", kept));
    what.plan = plan_of(how.seed).text();
    return what;
}

}  // namespace nightjar::sim
