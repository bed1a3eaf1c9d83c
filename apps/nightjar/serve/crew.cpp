#include "crew.hpp"

#include <algorithm>
#include <future>
#include <random>

namespace nightjar::app {
namespace {

using broker::broker_config;
using broker::log_config;

constexpr unsigned workers_max = 64;
constexpr duration stop_within = 3s;

/// What the workers share: it ends after their threads and before their loops.
struct held final : io::resident {
    held(const broker_config& how, const broker::broker::ground& on) : serving(how, on) {}
    broker::broker serving;
};

io::engine_kind kind_of(broker_config::engine_kind which) noexcept {
    switch (which) {
        case broker_config::engine_kind::automatic: return io::engine_kind::automatic;
        case broker_config::engine_kind::epoll: return io::engine_kind::epoll;
        case broker_config::engine_kind::io_uring: return io::engine_kind::uring;
        case broker_config::engine_kind::libuv: return io::engine_kind::libuv;
        case broker_config::engine_kind::libevent: return io::engine_kind::libevent;
    }
    return io::engine_kind::automatic;
}

io::workers_options options_of(const broker_config& how) {
    io::workers_options made;
    made.count = how.workers != 0 ? how.workers : std::min(io::usable_cores(), workers_max);
    made.engine = kind_of(how.engine);
    made.pin = how.affinity.pin;
    made.cpus.assign(how.affinity.cpus.begin(), how.affinity.cpus.end());
    made.one_by_one = true;  // worker 0 learns the ports that the others join
    return made;
}

/// Runs `what` on the loop's thread and waits for what it returns.
template <class What>
auto ask(io::loop& at, What what) -> decltype(what()) {
    std::promise<decltype(what())> answer;
    auto answered = answer.get_future();
    at.post([&] { answer.set_value(what()); });
    return answered.get();
}

}  // namespace

result<std::unique_ptr<crew>> crew::start(const broker_config& how, broker::log_sink& log,
                                          broker::open_failure& why) {
    std::random_device entropy;
    const std::uint64_t seed = std::uint64_t{entropy()} << 32 | entropy();
    std::unique_ptr<crew> made(new crew);
    const auto share =
        [&](std::span<io::loop* const> loops) -> result<std::unique_ptr<io::resident>> {
        auto all =
            std::make_unique<held>(how, broker::broker::ground{loops, &log, seed, &made->heap_});
        made->broker_ = &all->serving;
        return all;
    };
    const auto settle = [serving = made.get(), &why](
                            io::loop&, unsigned index) -> result<std::unique_ptr<io::resident>> {
        if (auto opened = serving->broker_->open(index, &why); !opened) return fail(opened.error());
        return nullptr;
    };
    auto running = io::workers::start(options_of(how), settle, share);
    if (!running) return fail(running.error());
    made->workers_ = std::move(*running);
    if (!made->workers_->fallback().empty())
        log.write(log_config::notice, made->workers_->fallback());
    return made;
}

crew::~crew() = default;

bool crew::is_quiet(unsigned worker) {
    return ask(workers_->at(worker), [&] { return broker_->is_quiet(worker); });
}

void crew::log_subscriptions() {
    for (unsigned i = 0; i != size(); ++i) {
        ask(workers_->at(i), [&] {
            broker_->log_subscriptions(i);
            return true;
        });
    }
}

void crew::stop() {
    for (unsigned i = 0; i != size(); ++i)
        workers_->at(i).post([this, i] { broker_->shut_down(i); });
    const auto until = std::chrono::steady_clock::now() + stop_within;
    for (unsigned i = 0; i != size(); ++i)
        while (!is_quiet(i) && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(5ms);
    workers_->stop();
    workers_->join();
}

}  // namespace nightjar::app
