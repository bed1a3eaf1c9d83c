// What it costs to hand over an element, on one thread (no contention) and between two.

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <nightjar/base/ring.hpp>
#include <thread>

namespace nightjar {
namespace {

void bm_push_pop(benchmark::State& state) {
    fixed_ring<std::uint64_t, 1024> queue;
    std::uint64_t value = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(queue.try_push(value));
        benchmark::DoNotOptimize(queue.try_pop(value));
    }
}
BENCHMARK(bm_push_pop);

void bm_between_threads(benchmark::State& state) {
    const auto batch = static_cast<std::size_t>(state.range(0));
    fixed_ring<std::uint64_t, 1024> queue;
    std::atomic<bool> done{false};
    std::thread consumer([&] {
        std::array<std::uint64_t, 64> target{};
        while (!done.load(std::memory_order_relaxed))
            if (queue.pop(std::span(target).first(batch)) == 0) std::this_thread::yield();
    });
    std::array<std::uint64_t, 64> source{};
    std::size_t sent = 0;
    for (auto _ : state) {
        const std::size_t now = queue.push(std::span(source).first(batch));
        if (now == 0) std::this_thread::yield();
        sent += now;
    }
    done = true;
    consumer.join();
    state.SetItemsProcessed(static_cast<std::int64_t>(sent));
}
BENCHMARK(bm_between_threads)->Arg(1)->Arg(16)->Arg(64)->UseRealTime();

}  // namespace
}  // namespace nightjar
