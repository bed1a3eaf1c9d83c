#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../common/number_text.hpp"
#include "../common/process_figures.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr double samples_per_run = 100;
constexpr std::size_t samples_max = 400;  // of a run whose length was not known
constexpr duration sample_min = 20ms;
constexpr duration look_max = 200ms;  // for whoever watches

duration to_duration(double seconds) {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

double to_seconds(duration length) { return std::chrono::duration<double>(length).count(); }

sample look(world& where) {
    sample now{.at = where.loop.engine().now(), .count = where.count};
    if (where.how.broker_pid != 0) {
        const auto used = processor_time(where.how.broker_pid);
        if (!used) where.fail(fmt::format("there is no process {}", where.how.broker_pid));
        now.broker = used.value_or(duration{});
    }
    now.own = processor_time(0).value_or(duration{});
    return now;
}

void add_cost(findings& target, const std::string& who, std::string_view unit, double count,
              double wall_s, duration used) {
    target.add(fmt::format("{}_cpu_us_per_{}", who, unit), to_seconds(used) * 1e6 / count, 4);
    target.add(who + "_cpu_share", to_seconds(used) / wall_s, 3);
}

void add_figures(const world& where, findings& target) {
    const sample& first = target.samples.front();
    const sample& last = target.samples.back();
    const unit_names unit = unit_of(where.how.what);
    const auto count = static_cast<double>(last.count - first.count);
    const double wall_s = to_seconds(last.at - first.at);
    target.add(std::string(unit.counted), count);
    target.add("wall_s", wall_s, 3);
    target.add(fmt::format("{}_per_s", unit.many), count / wall_s);
    if (where.how.broker_pid != 0)
        add_cost(target, "broker", unit.one, count, wall_s, last.broker - first.broker);
    add_cost(target, "client", unit.one, count, wall_s, last.own - first.own);
}

void add_percentiles(findings& target, const std::string& what, const histogram& seen) {
    const auto add = [&](std::string_view name, double ns) {
        target.add(fmt::format("{}_{}_us", what, name), ns / 1e3, 1);
    };
    add("mean", seen.mean_ns());
    for (const percentile& one : percentiles)
        add(one.key, static_cast<double>(seen.quantile(one.part).count()));
    add("max", static_cast<double>(seen.max().count()));
}

/// What happened from one sample to the next, for whoever watches.
std::string line_of(const world& where, const sample& first, const sample& before,
                    const sample& now) {
    const auto count = static_cast<double>(now.count - before.count);
    const double wall_s = to_seconds(now.at - before.at);
    const unit_names unit = unit_of(where.how.what);
    std::string line = fmt::format("{:.1f} s  {} {}/s", to_seconds(now.at - first.at),
                                   grouped(count / wall_s), unit.many);
    const auto share = [&](duration used) { return to_seconds(used) / wall_s * 100; };
    if (where.how.broker_pid != 0)
        line += fmt::format("  broker {:.0f} %", share(now.broker - before.broker));
    line += fmt::format("  load {:.0f} %", share(now.own - before.own));
    if (where.latency.seen().count() != 0) {
        const auto at = static_cast<double>(where.latency.seen().quantile(0.99).count());
        line += fmt::format("  p99 {}", time_text(at));
    }
    return line;
}

/// The measured part while it runs: looks often, keeps a bounded number of samples.
class measuring {
public:
    measuring(world& where, findings& target)
        : world_(where),
          samples_(target.samples),
          step_(std::max(to_duration(where.how.seconds / samples_per_run), sample_min)) {
        samples_ = {look(where)};
        shown_ = samples_.front();
        looked_at_ = shown_.at;
        where.latency.open(shown_.at);
        where.lateness.open(shown_.at);
    }

    bool is_over() {
        const sample& first = samples_.front();
        const std::uint64_t wanted = world_.how.messages;
        if (wanted) return world_.count - first.count >= wanted;
        return world_.loop.engine().now() >= first.at + to_duration(world_.how.seconds);
    }
    instant next_look() const noexcept {
        return std::min(samples_.back().at + step_, looked_at_ + look_max);
    }
    void take() {
        const sample now = look(world_);
        looked_at_ = now.at;
        if (now.at >= samples_.back().at + step_ || is_over()) keep(now);
        if (!world_.watch.is_due(now.at) || now.at - shown_.at < sample_min) return;
        world_.watch.say(now.at, line_of(world_, samples_.front(), shown_, now));
        shown_ = now;
    }

private:
    void keep(const sample& now) {
        samples_.push_back(now);
        if (samples_.size() <= samples_max) return;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < samples_.size(); i += 2) samples_[kept++] = samples_[i];
        samples_.resize(kept);
        if (samples_.back().at != now.at) samples_.push_back(now);
        step_ *= 2;
    }

    world& world_;
    std::vector<sample>& samples_;
    duration step_;
    sample shown_{};
    instant looked_at_{};
};

}  // namespace

bool measure(world& where, findings& target, const std::function<std::string()>& missing) {
    io::engine& engine = where.loop.engine();
    const auto is_due = [&] { return engine.now() >= where.next_look; };
    where.watch.say(engine.now(), "warming up");
    where.next_look = engine.now() + to_duration(where.how.warmup_s);
    if (!where.run_until(is_due, missing)) return false;

    measuring now(where, target);
    while (!now.is_over()) {
        where.next_look = now.next_look();
        if (!where.run_until([&] { return is_due() || now.is_over(); }, missing)) return false;
        now.take();
    }
    where.next_look = never;
    where.latency.close(target.samples.back().at);
    where.lateness.close(target.samples.back().at);
    if (target.samples.back().count == target.samples.front().count) {
        where.fail(fmt::format("no {} within {} s; {}", unit_of(where.how.what).many,
                               where.how.seconds, missing()));
        return false;
    }
    add_figures(where, target);
    return where.trouble.empty();
}

void add_latency(const world& where, findings& target) {
    if (where.latency.seen().count() == 0) return;
    target.latency = where.latency.seen();
    add_percentiles(target, "latency", target.latency);
    if (where.lateness.seen().count() != 0)
        add_percentiles(target, "lateness", where.lateness.seen());
}

}  // namespace nightjar::app::benchmark
