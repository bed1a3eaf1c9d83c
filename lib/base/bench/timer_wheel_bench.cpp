// What a timer costs when a million of them wait: the keep-alives of a million connections.

#include <benchmark/benchmark.h>

#include <deque>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/timer_wheel.hpp>

namespace nightjar {
namespace {

constexpr std::size_t timers_max = 1'000'000;

struct million {
    million() {
        for (std::size_t i = 0; i < timers_max; ++i)
            timers.emplace_back([](timer&, instant) noexcept {});
    }
    void arm_all() {
        for (timer& each : timers) wheel.arm(each, some_time());
    }
    instant some_time() { return now + duration(random.uniform(60'000'000'000)); }
    timer& any() { return timers[random.uniform(timers_max)]; }

    instant now{};
    timer_wheel wheel{now};
    prng random{1};
    std::deque<timer> timers;
};

void bm_draw_only(benchmark::State& state) {  // what the others spend on choosing timer and time
    million all;
    for (auto _ : state) {
        benchmark::DoNotOptimize(&all.any());
        benchmark::DoNotOptimize(all.some_time());
    }
}
BENCHMARK(bm_draw_only);

void bm_move(benchmark::State& state) {
    million all;
    all.arm_all();
    for (auto _ : state) all.wheel.arm(all.any(), all.some_time());
}
BENCHMARK(bm_move);

void bm_cancel_and_arm(benchmark::State& state) {
    million all;
    all.arm_all();
    for (auto _ : state) {
        timer& chosen = all.any();
        chosen.cancel();
        all.wheel.arm(chosen, all.some_time());
    }
}
BENCHMARK(bm_cancel_and_arm);

void bm_arm_a_million_and_fire_them(benchmark::State& state) {
    million all;
    for (auto _ : state) {
        all.arm_all();
        std::size_t fired = 0;
        for (const instant end = all.now + 61s; all.now < end; all.now += timer_wheel::tick)
            fired += all.wheel.advance(all.now);
        if (fired != timers_max) state.SkipWithError("lost a timer");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(timers_max));
}
BENCHMARK(bm_arm_a_million_and_fire_them)->Unit(benchmark::kMillisecond);

void bm_idle_hour(benchmark::State& state) {  // one distant timer, an hour at a time
    timer_wheel wheel{instant{}};
    timer distant([](timer&, instant) noexcept {});
    wheel.arm(distant, never);
    instant now{};
    for (auto _ : state) benchmark::DoNotOptimize(wheel.advance(now += 1h));
}
BENCHMARK(bm_idle_hour)->Iterations(1'000'000);

void bm_next_deadline(benchmark::State& state) {
    million all;
    all.arm_all();
    for (auto _ : state) benchmark::DoNotOptimize(all.wheel.next_deadline());
}
BENCHMARK(bm_next_deadline);

}  // namespace
}  // namespace nightjar
