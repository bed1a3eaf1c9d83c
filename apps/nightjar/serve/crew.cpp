#include "crew.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <future>
#include <random>

namespace nightjar::app {
namespace {

using broker::broker_config;
using broker::log_config;

unsigned usable_cores() noexcept {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    if (::sched_getaffinity(0, sizeof mine, &mine) != 0) return 1;
    return static_cast<unsigned>(std::clamp(CPU_COUNT(&mine), 1, 64));
}

io::engine_kind kind_of(broker_config::engine_kind which) noexcept {
    switch (which) {
        case broker_config::engine_kind::automatic: return io::engine_kind::automatic;
        case broker_config::engine_kind::epoll: return io::engine_kind::epoll;
        case broker_config::engine_kind::io_uring: return io::engine_kind::uring;
    }
    return io::engine_kind::automatic;
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

result<std::unique_ptr<crew>> crew::hire(const broker_config& how, broker::log_sink& log) {
    const unsigned count = how.workers != 0 ? how.workers : usable_cores();
    auto made = std::unique_ptr<crew>(new crew);
    std::vector<io::loop*> loops;
    for (unsigned i = 0; i != count; ++i) {
        std::string fallback;
        auto engine = io::make_engine(kind_of(how.engine), {}, &fallback);
        if (!engine) return fail(engine.error());
        if (i == 0 && !fallback.empty()) log.write(log_config::notice, fallback);
        made->loops_.push_back(std::make_unique<io::loop>(std::move(*engine)));
        loops.push_back(made->loops_.back().get());
    }
    std::random_device entropy;
    const std::uint64_t seed = std::uint64_t{entropy()} << 32 | entropy();
    made->broker_ = std::make_unique<broker::broker>(
        how, broker::broker::ground{loops, &log, seed, &made->heap_});
    return made;
}

crew::~crew() {
    for (auto& one : loops_) one->stop();
    for (std::thread& one : threads_) one.join();
}

result<> crew::start(std::string& trouble) {
    for (unsigned i = 0; i != loops_.size(); ++i)
        if (auto started = start_one(i, trouble); !started) return started;
    return {};
}

result<> crew::start_one(unsigned worker, std::string& trouble) {
    io::loop& own = *loops_[worker];
    threads_.emplace_back([&own] { own.run(); });
    ::pthread_setname_np(threads_.back().native_handle(), fmt::format("worker {}", worker).c_str());
    return ask(own, [&] { return broker_->open(worker, &trouble); });
}

bool crew::is_quiet(unsigned worker) {
    return ask(*loops_[worker], [&] { return broker_->is_quiet(worker); });
}

void crew::stop() {
    for (unsigned i = 0; i != loops_.size(); ++i)
        loops_[i]->post([this, i] { broker_->shut_down(i); });
    const auto until = std::chrono::steady_clock::now() + 3s;
    for (unsigned i = 0; i != loops_.size(); ++i)
        while (!is_quiet(i) && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(5ms);
    for (auto& one : loops_) one->stop();
    for (std::thread& one : threads_) one.join();
    threads_.clear();
}

}  // namespace nightjar::app
