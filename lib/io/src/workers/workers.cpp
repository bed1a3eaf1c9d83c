#include "workers/cores.hpp"

#include <pthread.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/workers.hpp>

#include <condition_variable>

namespace nightjar::io {

/// Each worker reports once; none runs its loop before all have.
class workers::roll_call {
public:
    explicit roll_call(unsigned all) noexcept : missing_(all) {}

    /// From the workers. Waits for the verdict: whether to run.
    bool report(error why) {
        std::unique_lock lock(mutex_);
        if (why != error::none && why_ == error::none) why_ = why;
        --missing_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return missing_ == 0; });
        return why_ == error::none;
    }
    /// From the starter.
    error wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return missing_ == 0; });
        return why_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned missing_;
    error why_;
};

result<std::unique_ptr<workers>> workers::start(const workers_options& how, settle make) {
    const unsigned count = how.count == 0 ? usable_cores() : how.count;
    std::unique_ptr<workers> made(new workers);
    made->how_ = how;
    made->make_ = std::move(make);
    made->roll_ = std::make_unique<roll_call>(count);
    for (unsigned i = 0; i < count; ++i) {
        seat& mine = *made->seats_.emplace_back(std::make_unique<seat>());
        mine.thread = std::thread(live, std::cref(made->how_), std::cref(made->make_), i,
                                  std::ref(mine), std::ref(*made->roll_));
    }
    const error why = made->roll_->wait();
    if (why == error::none) return made;
    made->join();
    return fail(why);
}

workers::~workers() {
    stop();
    join();
}

void workers::stop() noexcept {
    for (const auto& one : seats_) {
        if (one->home) one->home->stop();
    }
}

void workers::join() noexcept {
    for (const auto& one : seats_) {
        if (one->thread.joinable()) one->thread.join();
    }
}

namespace {

result<std::unique_ptr<engine>> make_home(const workers_options& how, unsigned index) {
    const std::string name = (how.name + '/' + std::to_string(index)).substr(0, 15);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    if (how.pin) {
        const std::vector<int> cpus = permitted_cpus();
        if (cpus.empty()) return fail(error::unsupported);
        if (auto pinned = pin_this_thread(cpus[index % cpus.size()]); !pinned)
            return fail(pinned.error());
    }
    return make_engine(how.engine, how.each);
}

}  // namespace

void workers::live(const workers_options& how, const settle& make, unsigned index, seat& mine,
                   roll_call& roll) {
    auto engine = make_home(how, index);
    if (!engine) {
        roll.report(engine.error());
        return;
    }
    mine.home = std::make_unique<loop>(std::move(*engine));
    auto lives = make(*mine.home, index);
    if (roll.report(lives ? error(error::none) : lives.error())) mine.home->run();
}

}  // namespace nightjar::io
