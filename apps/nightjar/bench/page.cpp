#include <fmt/format.h>

#include <cmath>
#include <map>

#include "../common/number_text.hpp"
#include "../common/page_parts.hpp"
#include "../common/plot.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace nightjar::app::benchmark {
namespace {

constexpr double bars_per_decade = 24;

double seconds(duration length) { return static_cast<double>(length.count()) / 1e9; }

std::string tiles_of(const options& how, const findings& found) {
    const unit_names unit = unit_of(how.what);
    std::string html;
    const auto add = [&](const std::string& key, auto to_text, const std::string& what) {
        if (const auto value = found.get(key)) html += tile(to_text(*value), what);
    };
    const auto whole = [](double value) { return grouped(value); };
    const auto micro = [](double value) { return precise(value) + " µs"; };
    const auto time = [](double us) { return time_text(us * 1e3); };
    add(fmt::format("{}_per_s", unit.many), whole, fmt::format("{} per second", unit.many));
    add(fmt::format("broker_cpu_us_per_{}", unit.one), micro,
        fmt::format("of broker time per {}", unit.one));
    add(fmt::format("client_cpu_us_per_{}", unit.one), micro,
        fmt::format("of load time per {}", unit.one));
    add("latency_p50_us", time, "median latency");
    add("latency_p99_us", time, "99th percentile of latency");
    add("bytes_per_connection", whole, "bytes per connection");
    add("bytes_per_subscription", whole, "bytes per subscription");
    add("lost", whole, "lost");
    return fmt::format("<section class=\"tiles\">\n{}</section>\n", html);
}

/// `of(before, now)` for each pair of neighbours, at the middle of the time between them.
template <class Of>
line_series changes(const findings& found, std::string name, Of&& of) {
    line_series made{.name = std::move(name), .points = {}};
    for (std::size_t i = 1; i < found.samples.size(); ++i) {
        const sample& before = found.samples[i - 1];
        const sample& now = found.samples[i];
        const double length = seconds(now.at - before.at);
        const double middle = seconds(before.at - found.samples.front().at) + length / 2;
        if (length > 0) made.points.emplace_back(middle, of(before, now) / length);
    }
    return made;
}

std::string throughput_of(const options& how, const findings& found) {
    const std::string unit(unit_of(how.what).many);
    const auto rate = changes(found, unit, [](const sample& before, const sample& now) {
        return static_cast<double>(now.count - before.count);
    });
    return figure_of("Throughput", unit + " per second, over the measured time",
                     to_svg(line_plot{.title = "Throughput over time",
                                      .x_unit = "seconds",
                                      .y_unit = unit + "/s",
                                      .series = {rate}}));
}

std::string processors_of(const options& how, const findings& found) {
    std::vector<line_series> series;
    if (how.broker_pid != 0) {
        series.push_back(changes(found, "broker", [](const sample& before, const sample& now) {
            return 100 * seconds(now.broker - before.broker);
        }));
    }
    series.push_back(changes(found, "load", [](const sample& before, const sample& now) {
        return 100 * seconds(now.own - before.own);
    }));
    const char* says = how.broker_pid != 0
                           ? "of one processor, broker and load"
                           : "of one processor, the load alone: --pid names the broker";
    return figure_of("Processor time", says,
                     to_svg(line_plot{.title = "Processor time over time",
                                      .x_unit = "seconds",
                                      .y_unit = "%",
                                      .y_least = 100,
                                      .series = std::move(series)}));
}

/// The histogram's buckets are finer than a plot can show.
std::vector<bar> bars_of(const histogram& seen) {
    std::map<int, std::uint64_t> counts;
    for (std::size_t i = 0; i < histogram::buckets; ++i) {
        if (seen.in_bucket(i) == 0) continue;
        const double last = std::max<double>(1, static_cast<double>(histogram::last_of(i)));
        counts[static_cast<int>(std::floor(std::log10(last) * bars_per_decade))] +=
            seen.in_bucket(i);
    }
    std::vector<bar> bars;
    bars.reserve(counts.size());
    for (const auto& [place, count] : counts) {
        bars.push_back({.low = std::pow(10, place / bars_per_decade),
                        .high = std::pow(10, (place + 1) / bars_per_decade),
                        .height = static_cast<double>(count) / static_cast<double>(seen.count())});
    }
    return bars;
}

std::string latency_of(const options& how, const findings& found) {
    if (found.latency.count() == 0) return {};
    std::vector<marker> markers;
    for (const percentile& one : percentiles) {
        const auto ns = static_cast<double>(found.latency.quantile(one.part).count());
        markers.push_back({std::string(one.name), ns});
    }
    markers.push_back({"max", static_cast<double>(found.latency.max().count())});
    const char* says = how.rate > 0 ? "from when it was due to when it had come"
                                    : "from when it was sent to when it had come";
    return figure_of("Latency", says,
                     to_svg(distribution_plot{.title = "Distribution of latency",
                                              .bars = bars_of(found.latency),
                                              .markers = std::move(markers)}));
}

std::string row(std::string_view name, const std::string& value) {
    return fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(name), escaped(value));
}

std::string tables_of(const options& how, const findings& found) {
    std::string figures, settings;
    for (const figure& one : found.figures)
        figures += row(one.name, grouped(one.value, one.decimals));
    const nlohmann::ordered_json chosen = settings_of(how);
    for (const auto& [name, value] : chosen.items())
        settings += row(name, value.is_string() ? value.get<std::string>() : value.dump());
    return fmt::format(
        "<section class=\"plots\">\n"
        "<div class=\"card\"><h2>Figures</h2><table>\n{}</table></div>\n"
        "<div class=\"card\"><h2>Settings</h2><table>\n{}</table></div>\n</section>\n",
        figures, settings);
}

}  // namespace

std::string to_page(const options& how, const findings& found) {
    const std::string title = fmt::format("nightjar bench {}", name_of(how.what));
    std::string plots;
    if (!found.samples.empty()) {
        plots =
            fmt::format("<section class=\"plots\">\n{}{}{}</section>\n", throughput_of(how, found),
                        latency_of(how, found), processors_of(how, found));
    }
    return to_document({.title = title,
                        .says = fmt::format("{}; nightjar {}", sentence_of(how), NIGHTJAR_VERSION),
                        .body = tiles_of(how, found) + plots + tables_of(how, found)});
}

}  // namespace nightjar::app::benchmark
