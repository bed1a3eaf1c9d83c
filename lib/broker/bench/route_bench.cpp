// What a route costs: found in the cache, worked out, and found while subscriptions change. 20,000
// filters of four shapes with wildcards, of which each topic matches up to four.

#include <benchmark/benchmark.h>

#include <nightjar/base/prng.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "context.hpp"
#include "session/session.hpp"

namespace nightjar::broker {
namespace {

class silent final : public log_sink {
    void write(log_config::type, std::string_view) noexcept override {}
};

struct ground {
    static constexpr unsigned edge = 26;

    ground() {
        for (unsigned i = 0; i != 64; ++i)
            sessions.push_back(std::make_unique<session>(at, fmt::format("c{}", i), i + 1));
        for (unsigned a = 0; a != edge; ++a) {
            for (unsigned b = 0; b != edge; ++b) {
                subscribe(fmt::format("bench/{}/+/{}", a, b));
                subscribe(fmt::format("bench/+/{}/{}", a, b));
                subscribe(fmt::format("bench/{}/{}/#", a, b));
                for (unsigned c = 0; c != edge; ++c) subscribe(fmt::format("+/{}/{}/{}", a, b, c));
            }
        }
    }
    void subscribe(const std::string& filter) {
        routes.subscribe(*routes.place(filter), {.who = sessions[made++ % sessions.size()].get()});
    }
    /// Of all 17,576 that the filters are about; beyond, with a last level of their own.
    static std::vector<std::string> topics(std::size_t count) {
        std::vector<std::string> names;
        prng random{7};
        for (std::size_t i = 0; i != count; ++i)
            names.push_back(fmt::format("bench/{}/{}/{}", random.uniform(edge),
                                        random.uniform(edge), i / 17'576 * edge + i % edge));
        return names;
    }

    silent sink;
    event_log log{sink, 0};
    broker_config how;
    io::loop loop{std::move(*io::make_epoll_engine())};
    context at{loop, how, 0, 1, log};
    router& routes = at.subscriptions;
    std::vector<std::unique_ptr<session>> sessions;
    std::size_t made = 0;
};

/// As many topics as the argument says, one after the other.
void topics_in_turn(benchmark::State& state) {
    ground at;
    const auto names = ground::topics(static_cast<std::size_t>(state.range(0)));
    std::size_t next = 0, targets = 0;
    for (auto _ : state) {
        targets += at.routes.find_route(names[next]).local.size();
        if (++next == names.size()) next = 0;
    }
    state.counters["targets"] =
        static_cast<double>(targets) / static_cast<double>(state.iterations());
}
BENCHMARK(topics_in_turn)->Arg(1)->Arg(1'000)->Arg(15'000)->Arg(1'000'000);

/// A client that subscribes and unsubscribes after each so many messages.
void while_subscriptions_change(benchmark::State& state) {
    ground at;
    const auto names = ground::topics(1'000);
    std::size_t next = 0;
    bool is_there = false;
    for (auto _ : state) {
        benchmark::DoNotOptimize(at.routes.find_route(names[next % names.size()]).local.size());
        if (++next % static_cast<std::size_t>(state.range(0)) != 0) continue;
        auto* node = at.routes.place("other/client/+");
        if (is_there)
            at.routes.unsubscribe(*node, *at.sessions[0]);
        else
            at.routes.subscribe(*node, {.who = at.sessions[0].get()});
        is_there = !is_there;
    }
}
BENCHMARK(while_subscriptions_change)->Arg(10)->Arg(100)->Arg(1'000);

/// A retained message of each of a million topics, and a filter that matches a hundred of them.
void retained_with_wildcards(benchmark::State& state) {
    retained_store store{true};
    for (int i = 0; i != 1'000'000; ++i)
        store.apply(message::copy_of({.topic = fmt::format("plant/{}/{}/temp", i / 100, i % 100),
                                      .payload = as_bytes("21.5"),
                                      .retain = true}),
                    0);
    std::size_t found = 0;
    for (auto _ : state)
        store.for_matching("plant/5000/+/temp", {}, [&](const message&) { ++found; });
    state.counters["found"] = static_cast<double>(found) / static_cast<double>(state.iterations());
}
BENCHMARK(retained_with_wildcards);

}  // namespace
}  // namespace nightjar::broker
