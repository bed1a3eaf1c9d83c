#include <pthread.h>

#include <nightjar/base/expects.hpp>

#include <nightjar/io/work_pool.hpp>

#include <csignal>
#include <system_error>

namespace nightjar::io {
namespace {

/// Threads inherit the mask of who makes them, and signals are for those who ask for them.
class no_signals {
public:
    no_signals() noexcept {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    no_signals(const no_signals&) = delete;
    no_signals& operator=(const no_signals&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

result<std::unique_ptr<work_pool>> work_pool::start(const work_pool_options& how) {
    if (how.threads == 0) return fail(error::invalid);
    std::unique_ptr<work_pool> made(new work_pool(how));
    const error why = made->add_threads();
    if (why != error::none) return fail(why);
    return made;
}

error work_pool::add_threads() {
    const no_signals quiet;
    for (unsigned i = 0; i < how_.threads; ++i) {
        try {
            threads_.emplace_back([this] { live(); });
        } catch (const std::system_error& why) {
            return {error::no_room, why.code().value()};
        }
        const std::string name = (how_.name + '/' + std::to_string(i)).substr(0, 15);
        ::pthread_setname_np(threads_.back().native_handle(), name.c_str());
    }
    return error::none;
}

work_pool::~work_pool() {
    expects(desks_ == 0, "the desks of a pool end before it");
    {
        const std::lock_guard lock(door_);
        is_ending_ = true;
    }
    news_.notify_all();
    for (std::thread& one : threads_) one.join();
}

void work_pool::drain() noexcept {
    std::unique_lock lock(door_);
    is_draining_ = true;
    idle_.wait(lock, [this] { return waiting_count_ == 0 && running_count_ == 0; });
}

std::size_t work_pool::waiting() const noexcept {
    const std::lock_guard lock(door_);
    return waiting_count_;
}

std::size_t work_pool::running() const noexcept {
    const std::lock_guard lock(door_);
    return running_count_;
}

void work_pool::live() noexcept {
    std::unique_lock lock(door_);
    for (;;) {
        news_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
        job* const mine = waiting_.pop_front();
        if (mine == nullptr) return;
        mine->is_waiting_ = false;
        --waiting_count_;
        ++running_count_;
        lock.unlock();
        mine->run();
        mine->desk_->finished(*mine);
        lock.lock();
        --running_count_;
        if (waiting_count_ == 0 && running_count_ == 0) idle_.notify_all();
    }
}

error work_pool::take(job& what) noexcept {
    {
        const std::lock_guard lock(door_);
        if (is_draining_) return error::cancelled;
        if (waiting_count_ >= how_.waiting_max) return error::no_room;
        what.is_waiting_ = true;
        waiting_.push_back(what);
        ++waiting_count_;
    }
    news_.notify_one();
    return error::none;
}

/// False when a thread has it, or had it.
bool work_pool::withdraw(job& what) noexcept {
    const std::lock_guard lock(door_);
    if (!what.is_waiting_) return false;
    what.is_waiting_ = false;
    queue::erase(what);
    --waiting_count_;
    if (waiting_count_ == 0 && running_count_ == 0) idle_.notify_all();
    return true;
}

void work_pool::withdraw_all(work_desk& of, queue& out) noexcept {
    const std::lock_guard lock(door_);
    queue all;
    all.splice(waiting_);
    while (job* const one = all.pop_front()) {
        if (one->desk_ != &of) {
            waiting_.push_back(*one);
            continue;
        }
        one->is_waiting_ = false;
        --waiting_count_;
        out.push_back(*one);
    }
    if (waiting_count_ == 0 && running_count_ == 0) idle_.notify_all();
}

void work_pool::job::forget() noexcept { desk_->forget(*this); }

work_desk::work_desk(loop& home, work_pool& pool) noexcept : home_(home), pool_(pool) {
    home_.add_hook(*this);
    const std::lock_guard lock(pool_.door_);
    ++pool_.desks_;
}

work_desk::~work_desk() {
    work_pool::queue mine;
    pool_.withdraw_all(*this, mine);
    while (work_pool::job* const one = mine.pop_front()) {
        {
            const std::lock_guard lock(door_);
            --out_;
        }
        delete one;
    }
    {
        std::unique_lock lock(door_);
        all_back_.wait(lock, [this] { return out_ == 0; });
    }
    while (work_pool::job* const one = done_.pop_front()) delete one;
    const std::lock_guard lock(pool_.door_);
    --pool_.desks_;
}

result<pending> work_desk::submit(std::unique_ptr<work_pool::job>& what) noexcept {
    expects(what != nullptr && what->desk_ == nullptr, "a job is submitted once");
    what->desk_ = this;
    {
        const std::lock_guard lock(door_);
        ++out_;  // before a thread can bring it back
    }
    const error why = pool_.take(*what);
    if (why == error::none) {
        ++under_way_;
        return pending(*what.release());
    }
    what->desk_ = nullptr;
    const std::lock_guard lock(door_);
    --out_;
    return fail(why);
}

void work_desk::finished(work_pool::job& what) noexcept {
    // All of it under the lock: once it is free, the desk and its loop may be gone.
    const std::lock_guard lock(door_);
    const bool is_first = done_.empty();
    done_.push_back(what);
    has_done_.store(true, std::memory_order_release);
    if (--out_ == 0) all_back_.notify_all();
    if (is_first) home_.wake();
}

void work_desk::forget(work_pool::job& what) noexcept {
    if (!pool_.withdraw(what)) {
        what.is_forgotten_ = true;
        return;
    }
    {
        const std::lock_guard lock(door_);
        --out_;
    }
    --under_way_;
    delete &what;
}

void work_desk::on_turn() noexcept {
    if (!has_done_.load(std::memory_order_acquire)) return;
    work_pool::queue back;
    {
        const std::lock_guard lock(door_);
        back.splice(done_);
        has_done_.store(false, std::memory_order_relaxed);
    }
    while (work_pool::job* const one = back.pop_front()) {
        const std::unique_ptr<work_pool::job> mine(one);
        one->let_go();
        --under_way_;
        if (!one->is_forgotten_) one->on_done();
    }
}

}  // namespace nightjar::io
