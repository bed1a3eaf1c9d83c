#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../common/number_text.hpp"
#include "settings.hpp"

namespace nightjar::app::benchmark {
namespace {

/// Which figures the lines of the summary have already told.
class told {
public:
    explicit told(const findings& found) : found_(found) {}
    std::optional<double> get(const std::string& name) {
        names_.push_back(name);
        return found_.get(name);
    }
    bool has(const std::string& name) const {
        return std::find(names_.begin(), names_.end(), name) != names_.end();
    }

private:
    const findings& found_;
    std::vector<std::string> names_;
};

void add_line(std::string& text, std::string_view name, const std::string& what) {
    text += fmt::format("  {:<12} {}\n", name, what);
}

void add_rate(std::string& text, told& found, const unit_names& unit) {
    const auto count = found.get(std::string(unit.counted));
    const auto rate = found.get(fmt::format("{}_per_s", unit.many));
    const auto wall_s = found.get("wall_s");
    if (!count || !rate || !wall_s) return;
    add_line(
        text, unit.many,
        fmt::format("{} in {:.2f} s, {} per second", grouped(*count), *wall_s, grouped(*rate)));
}

void add_cost(std::string& text, told& found, const std::string& who, const unit_names& unit) {
    const auto cost = found.get(fmt::format("{}_cpu_us_per_{}", who, unit.one));
    const auto share = found.get(who + "_cpu_share");
    if (!cost || !share) return;
    add_line(text, who == "client" ? "load" : who,
             fmt::format("{} µs of processor time per {}, {:.0f} % of one processor",
                         precise(*cost), unit.one, *share * 100));
}

void add_percentiles(std::string& text, told& found, const std::string& what) {
    std::string line;
    const auto add = [&](std::string_view key, std::string_view name) {
        const auto us = found.get(fmt::format("{}_{}_us", what, key));
        if (us)
            line += fmt::format("{}{} {}", line.empty() ? "" : "   ", name, time_text(*us * 1e3));
    };
    for (const percentile& one : percentiles) add(one.key, one.name);
    add("max", "max");
    add("mean", "mean");
    if (!line.empty()) add_line(text, what, line);
}

}  // namespace

std::string to_text(const options& how, const findings& found) {
    std::string text = fmt::format("{}: {}\n", name_of(how.what), sentence_of(how));
    const unit_names unit = unit_of(how.what);
    told once(found);
    if (how.what != scenario::idle) add_rate(text, once, unit);
    add_cost(text, once, "broker", unit);
    add_cost(text, once, "client", unit);
    add_percentiles(text, once, "latency");
    add_percentiles(text, once, "lateness");
    for (const figure& one : found.figures) {
        if (!once.has(one.name)) add_line(text, one.name, grouped(one.value, one.decimals));
    }
    return text;
}

std::string to_json(const options& how, const findings& found) {
    nlohmann::ordered_json made{{"scenario", name_of(how.what)},
                                {"nightjar", NIGHTJAR_VERSION},
                                {"settings", settings_of(how)}};
    for (const figure& one : found.figures) {
        const double scale = std::pow(10, one.decimals);
        if (one.decimals == 0) {
            made[one.name] = std::llround(one.value);
        } else {
            made[one.name] = std::round(one.value * scale) / scale;
        }
    }
    auto& samples = made["samples"] = nlohmann::ordered_json::array();
    const auto seconds = [](duration length) { return static_cast<double>(length.count()) / 1e9; };
    for (const sample& one : found.samples) {
        const sample& first = found.samples.front();
        samples.push_back({{"at_s", seconds(one.at - first.at)},
                           {"count", one.count - first.count},
                           {"broker_cpu_s", seconds(one.broker - first.broker)},
                           {"client_cpu_s", seconds(one.own - first.own)}});
    }
    auto& buckets = made["latency_buckets"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < histogram::buckets; ++i) {
        if (const std::uint64_t count = found.latency.in_bucket(i); count != 0)
            buckets.push_back({static_cast<double>(histogram::last_of(i)) / 1e3, count});
    }
    return made.dump() + "\n";
}

}  // namespace nightjar::app::benchmark
