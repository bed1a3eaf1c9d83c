// How long the broker's hot path takes: cut and read a PUBLISH, write one, check a topic.

#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include <nightjar/mqtt/decode.hpp>
#include <nightjar/mqtt/encode.hpp>
#include <nightjar/mqtt/topic.hpp>

namespace {

using namespace nightjar;
using namespace nightjar::mqtt;

constexpr std::string_view topic = "site/7/line/12/temperature";
constexpr limits max{};

/// A PUBLISH of 80 bytes in all, and room to write it.
struct sample {
    explicit sample(qos level, version v_) : v(v_) {
        message.topic = topic;
        message.level = level;
        message.id = level == qos::at_most_once ? packet_id{0} : packet_id{7};
        message.payload = as_bytes(payload);
        const std::size_t excess = size_of(message, v) - 80;
        message.payload = message.payload.first(payload.size() - excess);
        fixed_output out{wire};
        if (encode(message, v, out)) written = out.written();
    }

    version v;
    std::string payload = std::string(80, 'p');
    std::array<byte, 128> wire{};
    publish message;
    bytes_view written;
};

sample from(const benchmark::State& state) {
    return sample{static_cast<qos>(state.range(0)), static_cast<version>(state.range(1))};
}

void cut_and_read(benchmark::State& state) {
    const sample s = from(state);
    const bytes_view in{s.wire.data(), s.written.size()};
    for (auto _ : state) {
        const bytes_view at = in;
        benchmark::DoNotOptimize(at.data());
        const cutting found = cut_packet(at, max);
        publish target;
        const refusal why = read(found.packet, s.v, max, target);
        benchmark::DoNotOptimize(why);
        benchmark::DoNotOptimize(target);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(in.size()));
}

void decode_variant(benchmark::State& state) {
    const sample s = from(state);
    for (auto _ : state) {
        step done = decode(bytes_view{s.wire.data(), s.written.size()}, s.v, max);
        benchmark::DoNotOptimize(done);
    }
}

void encode_publish(benchmark::State& state) {
    const sample s = from(state);
    std::array<byte, 128> room;
    fixed_output out{room};
    for (auto _ : state) {
        out.clear();
        benchmark::DoNotOptimize(encode(s.message, s.v, out));
        benchmark::ClobberMemory();
    }
}

void encode_publish_head(benchmark::State& state) {
    const sample s = from(state);
    std::array<byte, 128> room;
    for (auto _ : state) {
        benchmark::DoNotOptimize(encode_head(s.message, s.v, room));
        benchmark::ClobberMemory();
    }
}

void check_name(benchmark::State& state) {
    const std::string name(static_cast<std::size_t>(state.range(0)), 'x');
    for (auto _ : state) benchmark::DoNotOptimize(is_topic_name(name, max));
}

void check_wide_utf8(benchmark::State& state) {
    std::string name;
    for (int i = 0; i < 20; ++i) name += "\xE6\xB8\xA9\xE5\xBA\xA6/";
    for (auto _ : state) benchmark::DoNotOptimize(is_utf8(name));
}

void versions(benchmark::internal::Benchmark* b) {
    for (const int level : {0, 1})
        for (const int v : {4, 5}) b->Args({level, v});
}

BENCHMARK(cut_and_read)->Apply(versions);
BENCHMARK(decode_variant)->Args({0, 4})->Args({1, 5});
BENCHMARK(encode_publish)->Apply(versions);
BENCHMARK(encode_publish_head)->Apply(versions);
BENCHMARK(check_name)->Arg(5)->Arg(26)->Arg(100)->Arg(1000);
BENCHMARK(check_wide_utf8);

}  // namespace

BENCHMARK_MAIN();
