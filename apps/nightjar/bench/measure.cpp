#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "broker_process.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr double samples_per_run = 100;
constexpr duration sample_min = 20ms;
constexpr duration sample_max = 1s;

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
    const auto add = [&](const char* name, double ns) {
        target.add(fmt::format("{}_{}_us", what, name), ns / 1e3, 1);
    };
    const auto at = [&](double part) { return static_cast<double>(seen.quantile(part).count()); };
    add("mean", seen.mean_ns());
    add("p50", at(0.5));
    add("p90", at(0.9));
    add("p99", at(0.99));
    add("p999", at(0.999));
    add("max", static_cast<double>(seen.max().count()));
}

}  // namespace

bool measure(world& where, findings& target, const std::function<std::string()>& missing) {
    io::engine& engine = where.loop.engine();
    where.next_look = engine.now() + to_duration(where.how.warmup_s);
    const auto is_due = [&] { return engine.now() >= where.next_look; };
    if (!where.run_until(is_due, missing)) return false;

    const duration length = to_duration(where.how.seconds);
    const duration step =
        std::clamp(to_duration(where.how.seconds / samples_per_run), sample_min, sample_max);
    target.samples = {look(where)};
    const sample first = target.samples.front();
    const std::uint64_t wanted = where.how.messages;
    const auto is_over = [&] {
        return wanted ? where.count - first.count >= wanted : engine.now() >= first.at + length;
    };
    where.latency.open(first.at);
    where.lateness.open(first.at);
    while (!is_over()) {
        where.next_look = target.samples.back().at + step;
        if (!where.run_until([&] { return is_due() || is_over(); }, missing)) return false;
        target.samples.push_back(look(where));
    }
    where.next_look = never;
    where.latency.close(target.samples.back().at);
    where.lateness.close(target.samples.back().at);
    if (target.samples.back().count == first.count) {
        where.fail(fmt::format("no {} within {} s; {}", unit_of(where.how.what).many,
                               where.how.seconds, missing()));
        return false;
    }
    add_figures(where, target);
    return where.trouble.empty();
}

void add_latency(const world& where, findings& target) {
    if (where.latency.seen().count() == 0) return;
    add_percentiles(target, "latency", where.latency.seen());
    if (where.lateness.seen().count() != 0)
        add_percentiles(target, "lateness", where.lateness.seen());
}

}  // namespace nightjar::app::benchmark
