#include <nightjar/sim/world.hpp>

#include "engine.hpp"

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <cstdio>

namespace nightjar::sim {
namespace {

thread_local const world* newest = nullptr;  // NOLINT(*-non-const-global-*): a hook has no object

void name_the_seed(const char*, code_place) noexcept {
    if (newest != nullptr)
        std::fprintf(stderr, "simulation: seed %llu\n",
                     static_cast<unsigned long long>(newest->seed()));
}

}  // namespace

struct world::parts {
    struct place {
        sim::engine* under;
        std::unique_ptr<io::loop> home;
        instant stalled_until{};
    };

    parts(std::uint64_t seed_, const faults& weather)
        : seed(seed_), chance(seed_), net(chance.fork(), weather, log), order(chance.fork()) {}

    bool is_ready(const place& one) const {
        if (one.stalled_until > net.now()) return false;
        return one.under->is_ready() || one.home->deadline() <= net.now();
    }
    instant next() {
        instant first = net.plan().next();
        for (const place& one : places)
            first = std::min(first, std::max(due(one), one.stalled_until));
        return first;
    }
    static instant due(const place& one) {
        return one.under->is_ready() ? instant::min() : one.home->deadline();
    }
    void turn(std::size_t index);

    std::uint64_t seed;
    prng chance;
    event_log log;
    network net;
    prng order;
    std::vector<place> places;
    std::vector<std::size_t> ready;  // of one step; kept for its room
};

void world::parts::turn(std::size_t index) {
    place& one = places[index];
    log.add(net.now(), "loop {}", index);
    one.home->run_once(instant::min());
    const faults& how = net.how();
    if (how.stalled_loop <= 0 || !order.chance(how.stalled_loop)) return;
    one.stalled_until =
        net.now() + duration(order.uniform(static_cast<std::uint64_t>(how.stall_max.count())));
}

world::world(std::uint64_t seed, const faults& weather)
    : parts_(std::make_unique<parts>(seed, weather)) {
    newest = this;
    set_promise_hook(name_the_seed);
}

world::~world() {
    if (newest == this) newest = nullptr;
    parts_->places.clear();
}

std::uint64_t world::seed() const noexcept { return parts_->seed; }
instant world::now() const noexcept { return parts_->net.now(); }
event_log& world::log() noexcept { return parts_->log; }
prng world::fork() noexcept { return parts_->chance.fork(); }

io::loop& world::add_loop(unsigned host) {
    auto made = std::make_unique<sim::engine>(parts_->net, host);
    sim::engine* under = made.get();
    parts_->places.push_back({under, std::make_unique<io::loop>(std::move(made))});
    return *parts_->places.back().home;
}

std::unique_ptr<io::engine> world::engine(unsigned host) {
    return std::make_unique<sim::engine>(parts_->net, host);
}

io::endpoint world::address_of(unsigned host, std::uint16_t port) noexcept {
    return host_address(host, port);
}

bool world::step() {
    parts& p = *parts_;
    p.ready.clear();
    for (std::size_t i = 0; i != p.places.size(); ++i)
        if (p.is_ready(p.places[i])) p.ready.push_back(i);
    const bool has_arrival = p.net.plan().next() <= p.net.now();
    const std::size_t many = p.ready.size() + (has_arrival ? 1 : 0);
    if (many == 0) {
        const instant next = p.next();
        if (next == never) return false;
        p.net.move_to(next);
        return true;
    }
    const std::size_t drawn = p.order.uniform(many);
    if (drawn == p.ready.size())
        p.net.plan().run_next();
    else
        p.turn(p.ready[drawn]);
    return true;
}

bool world::run_until(const std::function<bool()>& done, duration bound) {
    const instant limit = now() + bound;
    while (!done()) {
        const bool is_over = now() > limit || !step();
        if (is_over) return done();
    }
    return true;
}

void world::set_faults(const faults& weather) { parts_->net.set(weather); }

void world::set_reader(unsigned host, const reader& how) { parts_->net.set_reader(host, how); }

std::size_t world::connections() const noexcept { return parts_->net.wires(); }

}  // namespace nightjar::sim
