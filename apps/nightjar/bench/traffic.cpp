#include <fmt/format.h>

#include <chrono>
#include <list>

#include "broker_process.hpp"
#include "crowd.hpp"
#include "group.hpp"
#include "scenarios.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr duration silence_of_loss = 1s;  // after which a message of QoS 0 does not come any more

duration to_duration(double seconds) {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

/// All that is read at the start of the measured part, and again at its end.
struct sample {
    instant at;
    std::uint64_t delivered;
    duration broker{};
    duration own{};
};

class traffic {
public:
    explicit traffic(world& where) : world_(where) {
        for (std::uint32_t i = 0; i < where.how.groups; ++i) groups_.emplace_back(where, i);
        for (group& one : groups_) {
            for (const auto& sink : one.sinks()) peers_.push_back(sink.get());
        }
        for (group& one : groups_) peers_.push_back(&one.source());
    }

    bool run(std::vector<figure>& figures) {
        const bool went_well = open_all(world_, peers_) && measure(figures) && settle(figures);
        const std::string trouble = world_.trouble;
        close_all(world_, peers_);
        world_.trouble = trouble;
        return went_well;
    }

private:
    bool measure(std::vector<figure>& figures);
    bool settle(std::vector<figure>& figures);
    bool drain();
    bool is_settled();
    sample read();
    std::string stalled();

    world& world_;
    std::list<group> groups_;
    std::vector<peer*> peers_;
};

sample traffic::read() {
    sample now{.at = world_.loop.engine().now(), .delivered = world_.delivered};
    if (world_.how.broker_pid != 0) {
        const auto used = processor_time(world_.how.broker_pid);
        if (!used) world_.fail(fmt::format("there is no process {}", world_.how.broker_pid));
        now.broker = used.value_or(duration{});
    }
    now.own = processor_time(0).value_or(duration{});
    return now;
}

bool traffic::measure(std::vector<figure>& figures) {
    world_.is_sending = true;
    for (group& one : groups_) one.source().go_on();
    const auto missing = [this] { return stalled(); };
    io::engine& engine = world_.loop.engine();
    const instant warm = engine.now() + to_duration(world_.how.warmup_s);
    if (!world_.run_until([&] { return engine.now() >= warm; }, missing)) return false;

    const sample first = read();
    const std::uint64_t count = world_.how.messages;
    const instant end = first.at + to_duration(world_.how.seconds);
    const auto done = [&] {
        return count ? world_.delivered - first.delivered >= count : engine.now() >= end;
    };
    if (!world_.run_until(done, missing)) return false;
    const sample last = read();

    const auto messages = static_cast<double>(last.delivered - first.delivered);
    if (messages == 0) return world_.fail("nothing was delivered"), false;
    const double wall = std::chrono::duration<double>(last.at - first.at).count();
    const auto cost = [&](duration used) {
        return std::chrono::duration<double, std::micro>(used).count() / messages;
    };
    figures.push_back({"delivered", messages});
    figures.push_back({"wall_s", wall, 3});
    figures.push_back({"messages_per_s", messages / wall});
    if (world_.how.broker_pid != 0) {
        figures.push_back({"broker_cpu_us_per_message", cost(last.broker - first.broker), 4});
        figures.push_back(
            {"broker_cpu_share", cost(last.broker - first.broker) * messages / 1e6 / wall, 3});
    }
    figures.push_back({"client_cpu_us_per_message", cost(last.own - first.own), 4});
    figures.push_back({"client_cpu_share", cost(last.own - first.own) * messages / 1e6 / wall, 3});
    return world_.trouble.empty();
}

bool traffic::is_settled() {
    for (group& one : groups_) {
        if (!one.is_settled()) return false;
    }
    return true;
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

bool traffic::settle(std::vector<figure>& figures) {
    world_.is_sending = false;
    if (!drain()) return false;
    std::uint64_t lost = 0;
    for (group& one : groups_) lost += one.lost(true);
    figures.push_back({"checked", static_cast<double>(world_.delivered)});
    figures.push_back({"lost", static_cast<double>(lost)});
    return true;
}

std::string traffic::stalled() {
    for (group& one : groups_) {
        if (one.is_settled()) continue;
        return fmt::format(
            "group {}: {} sent, {} acknowledged to the publisher, {} at the slowest subscriber",
            one.index(), one.source().sent(), one.source().acknowledged(), one.slowest());
    }
    return "all that was sent has come";
}

}  // namespace

bool run_traffic(world& where, std::vector<figure>& figures) { return traffic(where).run(figures); }

}  // namespace nightjar::app::benchmark
