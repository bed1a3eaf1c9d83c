#include "traffic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crowd.hpp"
#include "measure.hpp"
#include "scenarios.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr duration silence_of_loss = 1s;  // after which a message of QoS 0 does not come any more

/// Lets the publishers of an open loop send in turn, when the schedule says so.
class pacer final : public io::turn_hook {
public:
    explicit pacer(world& where) : world_(where) {}

    void start(std::list<publisher>& sources) {
        for (publisher& one : sources) sources_.push_back(&one);
        plan_ = {.start = world_.loop.engine().now(), .gap_ns = 1e9 / world_.how.rate};
        for (std::size_t i = 0; i < sources_.size(); ++i)
            sources_[i]->follow(plan_, i, sources_.size());
        world_.next_due = plan_.start;
        world_.loop.add_hook(*this);
    }

    void on_turn() noexcept override {
        if (!world_.is_sending) {
            world_.next_due = never;
            return;
        }
        const instant now = world_.loop.now();
        for (; plan_.due(next_) <= now; ++next_) sources_[next_ % sources_.size()]->owe();
        world_.next_due = plan_.due(next_);
    }

private:
    world& world_;
    std::vector<publisher*> sources_;
    schedule plan_;
    std::uint64_t next_ = 0;
};

class traffic {
public:
    explicit traffic(world& where) : world_(where) {
        switch (where.how.what) {
            case scenario::fanin: lay_fanin(where, cast_); break;
            case scenario::wildcards: lay_wildcards(where, cast_); break;
            default: lay_groups(where, cast_);
        }
    }

    bool run(findings& target) {
        const std::vector<peer*> peers = cast_.peers();
        const bool went_well = open_all(world_, peers) && start() &&
                               measure(world_, target, [this] { return stalled(); }) &&
                               settle(target);
        const std::string trouble = world_.trouble;
        close_all(world_, peers);
        world_.trouble = trouble;
        return went_well;
    }

private:
    bool start();
    bool settle(findings& target);
    bool drain();
    bool is_settled();
    std::string stalled();

    world& world_;
    cast cast_;
    pacer pacer_{world_};
};

bool traffic::start() {
    world_.is_sending = true;
    if (world_.how.rate > 0) {
        pacer_.start(cast_.publishers);
    } else {
        for (publisher& one : cast_.publishers) one.go_on();
    }
    return true;
}

bool traffic::is_settled() {
    return std::all_of(cast_.publishers.begin(), cast_.publishers.end(),
                       [](const publisher& one) { return one.is_settled(); }) &&
           std::all_of(cast_.flows.begin(), cast_.flows.end(),
                       [](const flow& one) { return one.is_settled(); });
}

/// At QoS 0 silence is an answer as well: what has not come until then is lost.
bool traffic::drain() {
    if (world_.how.level != mqtt::qos::at_most_once) {
        return world_.run_until([this] { return is_settled(); }, [this] { return stalled(); });
    }
    std::uint64_t seen = world_.received;
    instant silent = world_.loop.engine().now() + silence_of_loss;
    while (!is_settled() && world_.loop.engine().now() < silent) {
        if (!world_.run_for(10ms)) return false;
        if (world_.received == seen) continue;
        seen = world_.received;
        silent = world_.loop.engine().now() + silence_of_loss;
    }
    return true;
}

bool traffic::settle(findings& target) {
    world_.is_sending = false;
    if (!drain()) return false;
    std::uint64_t lost = 0;
    for (const flow& one : cast_.flows) lost += one.lost();
    add_latency(world_, target);
    target.add("checked", static_cast<double>(world_.count));
    target.add("lost", static_cast<double>(lost));
    return true;
}

std::string traffic::stalled() {
    for (const flow& one : cast_.flows) {
        if (one.is_settled() && one.source->is_settled()) continue;
        std::uint64_t least = one.sent;
        for (const sink* at : one.sinks) least = std::min(least, at->got.expected());
        return fmt::format(
            "{}: {} sent, {} at the slowest subscriber; its publisher has sent {}, "
            "of which {} were acknowledged",
            one.topic, one.sent, least, one.source->sent(), one.source->acknowledged());
    }
    return "all that was sent has come";
}

}  // namespace

bool run_traffic(world& where, findings& target) { return traffic(where).run(target); }

}  // namespace nightjar::app::benchmark
