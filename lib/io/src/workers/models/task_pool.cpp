#include "workers/models/task_pool.hpp"

#include "workers/place.hpp"

#include <pthread.h>

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <latch>

namespace nightjar::io::models {
namespace {

constexpr std::size_t kept_bytes_max = 16 * 1024;  // of a vacant task's memory

void empty(std::vector<byte>& what) noexcept {
    if (what.capacity() > kept_bytes_max) {
        std::vector<byte>().swap(what);
    } else {
        what.clear();
    }
}

error settle(const workers_options& how, unsigned index) {
    const std::string name = (how.name + '/' + std::to_string(index)).substr(0, 15);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    const auto placed = place_this_thread(how, index);
    return placed ? error(error::none) : placed.error();
}

}  // namespace

void collector::begin(const guest& whose, std::size_t most) noexcept {
    whose_ = &whose;
    most_ = most;
    closed_ = dropped_ = false;
}

bool collector::write(bytes_view what) noexcept {
    if (closed_ || what.size() > room()) return false;
    said_.insert(said_.end(), what.begin(), what.end());
    return true;
}

endpoint collector::peer() const noexcept { return whose_->whose().peer; }
endpoint collector::local() const noexcept { return whose_->whose().local; }

void collector::clear() noexcept { empty(said_); }

result<std::unique_ptr<task_pool>> task_pool::start(loop& home, const model_options& how,
                                                    unsigned threads, returned to) {
    const unsigned most = std::max(how.tasks_max, 1U);
    std::unique_ptr<task_pool> made(new task_pool(home, most, std::move(to)));
    std::vector<error> why(threads);
    std::latch settled(threads);
    for (unsigned i = 0; i < threads; ++i) {
        made->threads_.emplace_back([all = made.get(), &how, &why, &settled, i] {
            why[i] = settle(how.workers, i);
            settled.count_down();
            all->work(i);
        });
    }
    settled.wait();
    for (const error& one : why)
        if (one != error::none) return fail(one);
    home.add_hook(*made);
    return made;
}

task_pool::~task_pool() {
    {
        const std::lock_guard lock(door_);
        stopping_ = true;
        filled_.notify_all();
    }
    for (std::thread& one : threads_) one.join();
    give_back(done_);
    give_back(queued_);
    give_back(fresh_);
}

job& task_pool::take() {
    expects(!is_full(), "a task is taken where there is one");
    ++used_;
    if (job* again = vacant_.pop_front()) return *again;
    return *all_.emplace_back(std::make_unique<job>());
}

void task_pool::on_turn() noexcept {
    job_list over;
    {
        const std::lock_guard lock(door_);
        over.splice(done_);
    }
    give_back(over);
    hand_over();  // behind it: a connection whose answer was empty may have asked again
}

/// One lock a turn, and no more wake-ups than there are tasks or sleepers.
void task_pool::hand_over() noexcept {
    if (fresh_count_ == 0) return;
    const std::lock_guard lock(door_);
    queued_.splice(fresh_);
    for (unsigned i = std::min(std::exchange(fresh_count_, 0U), idle_); i != 0; --i)
        filled_.notify_one();
}

void task_pool::give_back(job_list& over) noexcept {
    while (job* one = over.pop_front()) {
        --used_;
        to_(*one);
        one->whose = nullptr;
        empty(one->asked);
        one->answer.clear();
        vacant_.push_back(*one);
    }
}

void task_pool::work(unsigned index) noexcept {
    std::unique_lock lock(door_);
    while (true) {
        ++idle_;
        filled_.wait(lock, [&] { return stopping_ || !queued_.empty(); });
        --idle_;
        if (stopping_) return;
        job* mine = queued_.pop_front();
        lock.unlock();
        mine->by = index;
        mine->whose->answer(mine->answer, mine->asked);
        lock.lock();
        const bool is_first = done_.empty();
        done_.push_back(*mine);
        if (is_first) home_.wake();
    }
}

}  // namespace nightjar::io::models
