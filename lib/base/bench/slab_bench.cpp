// What a slot costs: built and destroyed, and found by its name among a million.

#include <benchmark/benchmark.h>

#include <new>
#include <nightjar/base/prng.hpp>
#include <nightjar/base/slab.hpp>
#include <vector>

namespace nightjar {
namespace {

struct connection {
    std::uint64_t state[8] = {};
};

const memory_source& heap() {
    static constexpr memory_source source{
        [](void*, std::size_t size, std::size_t alignment) noexcept {
            return ::operator new(size, std::align_val_t(alignment), std::nothrow);
        },
        [](void*, void* room, std::size_t, std::size_t alignment) noexcept {
            ::operator delete(room, std::align_val_t(alignment));
        }};
    return source;
}

void bm_emplace_erase(benchmark::State& state) {
    slab<connection> all(1000, heap());
    for (auto _ : state) {
        connection* made = all.emplace();
        benchmark::DoNotOptimize(made);
        all.erase(*made);
    }
}
BENCHMARK(bm_emplace_erase);

void bm_get(benchmark::State& state) {
    const auto count = static_cast<std::uint32_t>(state.range(0));
    slab<connection> all(count, heap());
    std::vector<id<connection>> names;
    for (std::uint32_t i = 0; i < count; ++i) names.push_back(all.id_of(*all.emplace()));
    prng random(1);
    for (auto _ : state) benchmark::DoNotOptimize(all.get(names[random.uniform(count)])->state[0]);
}
BENCHMARK(bm_get)->Arg(1000)->Arg(1'000'000);

}  // namespace
}  // namespace nightjar
