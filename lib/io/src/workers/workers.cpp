#include "workers/place.hpp"

#include <pthread.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/workers.hpp>

#include <condition_variable>

namespace nightjar::io {

/// Who is there. A worker reports its loop, is let in, reports that it has settled, and runs if all
/// have. The first error is everybody's.
class workers::roll_call {
public:
    explicit roll_call(unsigned all, bool one_by_one) noexcept
        : all_(all), one_by_one_(one_by_one) {}

    /// From a worker: it has a loop, or why not. Waits until it is its turn to settle; false if it
    /// is not to.
    bool enter(unsigned index, error why) {
        std::unique_lock lock(mutex_);
        note(why);
        ++present_;
        changed_.notify_all();
        changed_.wait(
            lock, [&] { return (is_open_ && (!one_by_one_ || settled_ >= index)) || is_over(); });
        return why_ == error::none;
    }
    /// From a worker that entered, or did not. Waits for the verdict: whether to run.
    bool settle(error why) {
        std::unique_lock lock(mutex_);
        note(why);
        ++settled_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return settled_ == all_; });
        return why_ == error::none;
    }
    /// From the starter: all loops are there, or why not.
    error await_loops() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return present_ == all_; });
        return why_;
    }
    /// From the starter: lets all settle, or go. The verdict.
    error open(error why) {
        std::unique_lock lock(mutex_);
        note(why);
        is_open_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return settled_ == all_; });
        return why_;
    }

private:
    void note(error why) {
        if (why != error::none && why_ == error::none) why_ = why;
    }
    bool is_over() const noexcept { return is_open_ && why_ != error::none; }

    std::mutex mutex_;
    std::condition_variable changed_;
    const unsigned all_;
    const bool one_by_one_;
    unsigned present_ = 0;
    unsigned settled_ = 0;
    bool is_open_ = false;
    error why_;
};

result<std::unique_ptr<workers>> workers::start(const workers_options& how, settle make,
                                                const assemble& share) {
    const unsigned count = how.count == 0 ? usable_cores() : how.count;
    std::unique_ptr<workers> made(new workers);
    made->how_ = how;
    made->make_ = std::move(make);
    made->roll_ = std::make_unique<roll_call>(count, how.one_by_one);
    for (unsigned i = 0; i < count; ++i) {
        seat& mine = *made->seats_.emplace_back(std::make_unique<seat>());
        mine.thread = std::thread([all = made.get(), i, &mine] { all->live(i, mine); });
    }
    error why = made->roll_->await_loops();
    if (why == error::none && share) why = made->assemble_all(share);
    why = made->roll_->open(why);
    if (why == error::none) return made;
    made->join();
    return fail(why);
}

error workers::assemble_all(const assemble& share) {
    std::vector<loop*> homes;
    for (const auto& one : seats_) homes.push_back(one->home.get());
    auto made = share(homes);
    if (!made) return made.error();
    shared_ = std::move(*made);
    return error::none;
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

result<std::unique_ptr<engine>> make_home(const workers_options& how, unsigned index,
                                          std::string& fallback) {
    const std::string name = (how.name + '/' + std::to_string(index)).substr(0, 15);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    if (auto placed = place_this_thread(how, index); !placed) return fail(placed.error());
    return make_engine(how.engine, how.each, &fallback);
}

}  // namespace

void workers::live(unsigned index, seat& mine) {
    auto engine = make_home(how_, index, mine.fallback);
    if (engine) mine.home = std::make_unique<loop>(std::move(*engine));
    const bool may_settle = roll_->enter(index, engine ? error(error::none) : engine.error());
    std::unique_ptr<resident> lives;
    error why;
    if (may_settle) {
        auto made = make_(*mine.home, index);
        if (made)
            lives = std::move(*made);
        else
            why = made.error();
    }
    if (roll_->settle(why)) mine.home->run();
}

}  // namespace nightjar::io
