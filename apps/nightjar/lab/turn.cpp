#include "turn.hpp"

#include <fmt/format.h>

#include "client.hpp"
#include "process_tree.hpp"
#include "statistics.hpp"

namespace nightjar::app::lab {
namespace {

constexpr unsigned many = 50;  // below it, memory by connection says more of buffers than of them
constexpr duration settling = 50ms;  // what a server still does when it listens is not measured
constexpr duration last_words_max = 200ms;

duration to_duration(double seconds) {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}
double to_seconds(duration length) { return std::chrono::duration<double>(length).count(); }
double to_us(duration length) { return static_cast<double>(length.count()) / 1e3; }

/// Reads what a server used, and what each of its workers did, around the measured part.
class readings {
public:
    readings(server& of, const candidate& who, const giving_up& stop)
        : server_(of), who_(who), stop_(stop), memory_before_(memory_of(processes())) {}

    void begin() {
        work_before_ = work();
        before_ = times_of(processes());
    }
    /// The search for its processes leaves it time to answer all that is under way, as at the
    /// beginning: so what was answered and not yet counted is as much at both ends.
    void end() {
        used_ = used_between(before_, times_of(processes()));
        work_after_ = work();
    }
    void quiet() { memory_after_ = memory_of(processes()); }

    duration used() const noexcept { return used_; }
    double memory_growth() const noexcept {
        return static_cast<double>(memory_after_) - static_cast<double>(memory_before_);
    }
    std::optional<double> unfairness() const {
        std::vector<std::uint64_t> done;
        for (const auto& [worker, count] : work_after_) {
            const auto known = work_before_.find(worker);
            done.push_back(count - (known == work_before_.end() ? 0 : known->second));
        }
        return unfairness_of(done);
    }

private:
    std::vector<int> processes() const { return tree_of(server_.process().pid()); }
    std::map<unsigned, std::uint64_t> work() const {
        if (who_.is_peer() || who_.workers < 2 || who_.has_process_per_connection()) return {};
        return server_.work(who_.workers, stop_);
    }

    server& server_;
    const candidate& who_;
    const giving_up& stop_;
    std::map<unsigned, std::uint64_t> work_before_, work_after_;
    processor_times before_;
    duration used_{};
    std::uint64_t memory_before_, memory_after_ = 0;
};

measured figures_of(const client_findings& found, const readings& read, const load& what) {
    const auto count = static_cast<double>(found.messages);
    const double wall = to_seconds(found.wall);
    measured made{.seconds = wall,
                  .messages_per_s = count / wall,
                  .cpu_us = to_us(read.used()) / count,
                  .cpu_share = to_seconds(read.used()) / wall,
                  .client_cpu_us = to_us(found.processor) / count,
                  .client_share = to_seconds(found.processor) / wall,
                  .p50_us = to_us(found.latency.quantile(0.5)),
                  .p99_us = to_us(found.latency.quantile(0.99)),
                  .p999_us = to_us(found.latency.quantile(0.999)),
                  .max_us = to_us(found.latency.max()),
                  .unfairness = read.unfairness()};
    if (what.connections >= many)
        made.bytes_per_connection = std::max(0.0, read.memory_growth() / what.connections);
    return made;
}

client_findings run_load(const turn_options& how, server& from, readings& read,
                         const std::vector<int>& processors) {
    const pinned here(processors);
    return run_client({.to = from.at(),
                       .what = how.what.what,
                       .warmup = to_duration(how.warmup_s),
                       .length = to_duration(how.seconds),
                       .stop = how.stop,
                       .on_begin = [&] { read.begin(); },
                       .on_end = [&] { read.end(); },
                       .on_quiet = [&] { read.quiet(); }});
}

}  // namespace

turn_outcome take_turn(const turn_options& how) {
    const placement places = place(how.processors, how.what.who);
    auto begun = server::start({.who = how.what.who,
                                .what = how.what.what,
                                .where = how.where,
                                .processors = places.server,
                                .stop = how.stop});
    if (auto* trouble = std::get_if<std::string>(&begun))
        return {.figures = {.trouble = std::move(*trouble)}};
    server& here = std::get<server>(begun);
    here.process().ends_within(settling);
    readings read(here, how.what.who, how.stop);
    const client_findings found = run_load(how, here, read, places.client);
    if (found.trouble.empty())
        return {.has_started = true, .figures = figures_of(found, read, how.what.what)};
    std::string trouble = found.trouble;
    if (here.process().ends_within(last_words_max))
        trouble += fmt::format("; it {}", here.process().last_words());
    return {.has_started = true, .figures = {.trouble = std::move(trouble)}};
}

}  // namespace nightjar::app::lab
