#pragma once
// A bounded number of threads for what would hold up a loop: hashing, compressing, a library that
// blocks. What does not fit into its queue is refused, which is the back-pressure.
//
//   a loop's desk --submit--> one bounded queue --> threads --run()--> the desk's finished, in a
//   batch with one wake-up --> on_done() on that loop
//
// Everything of a desk belongs to the thread of its loop; only run() is called elsewhere.

#include <nightjar/base/intrusive_list.hpp>

#include <nightjar/io/loop.hpp>
#include <nightjar/io/pending.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace nightjar::io {

struct work_pool_options {
    unsigned threads = 4;
    std::size_t waiting_max = 1024;  ///< Of all desks: work that no thread has begun.
    std::string name = "work";       ///< Threads are called "work/0", … (15 bytes at most).
};

class work_desk;

/// The threads and the queue, for any number of loops. Made and destroyed on any thread.
class work_pool {
public:
    /// Something to do. It is made, told and destroyed on its loop's thread.
    class job : public list_hook<job>, public pending::request {
    public:
        virtual ~job() = default;
        /// On a thread of the pool, once. Must not throw, nor touch what belongs to a loop.
        virtual void run() noexcept = 0;
        /// On the loop of its desk, after run(). Must not destroy the desk.
        virtual void on_done() noexcept = 0;

    protected:
        job() noexcept = default;
        void forget() noexcept override;

    private:
        friend class work_pool;
        friend class work_desk;

        work_desk* desk_ = nullptr;
        bool is_waiting_ = false;    // in the pool's queue; the pool's lock guards it
        bool is_forgotten_ = false;  // its loop's thread alone reads and writes it
    };

    /// `no_room` where the system has no further thread, `invalid` for none at all. The threads
    /// block all signals.
    static result<std::unique_ptr<work_pool>> start(const work_pool_options& how = {});
    /// Promise: its desks are gone. Joins the threads.
    ~work_pool();
    work_pool(const work_pool&) = delete;
    work_pool& operator=(const work_pool&) = delete;

    /// An orderly end: refuses what comes from now on (`cancelled`) and returns when all that it
    /// took has run. Results wait for their loops. Not from a thread of the pool.
    void drain() noexcept;

    unsigned threads() const noexcept { return static_cast<unsigned>(threads_.size()); }
    /// How many wait for a thread, and how many have one.
    std::size_t waiting() const noexcept;
    std::size_t running() const noexcept;

private:
    friend class work_desk;
    using queue = intrusive_list<job, job>;

    explicit work_pool(const work_pool_options& how) : how_(how) {}
    error add_threads();
    void live() noexcept;
    error take(job& what) noexcept;
    bool withdraw(job& what) noexcept;
    void withdraw_all(work_desk& of, queue& out) noexcept;

    const work_pool_options how_;
    std::vector<std::thread> threads_;
    mutable std::mutex door_;  // guards all below; never held while a job runs
    std::condition_variable news_, idle_;
    queue waiting_;
    std::size_t waiting_count_ = 0;
    std::size_t running_count_ = 0;
    unsigned desks_ = 0;
    bool is_draining_ = false;
    bool is_ending_ = false;
};

/// A loop's way to a pool.
class work_desk final : private turn_hook {
public:
    work_desk(loop& home, work_pool& pool) noexcept;
    /// Drops what waits, waits for what runs, tells nobody.
    ~work_desk();
    work_desk(const work_desk&) = delete;
    work_desk& operator=(const work_desk&) = delete;

    /// Takes `what`, or leaves it where it is: `no_room` when the queue is full, `cancelled` when
    /// the pool drains.
    result<pending> submit(std::unique_ptr<work_pool::job>& what) noexcept;

    /// `run()` on the pool, then `done(what it returned)` on the loop. Both are destroyed here;
    /// what `run` uses is its own or outlives the desk.
    template <class Run, class Done>
    result<pending> submit(Run run, Done done);

    /// Not told yet.
    std::size_t under_way() const noexcept { return under_way_; }
    loop& home() noexcept { return home_; }
    work_pool& pool() noexcept { return pool_; }

private:
    friend class work_pool;
    void on_turn() noexcept override;
    void finished(work_pool::job& what) noexcept;  // from a thread of the pool
    void forget(work_pool::job& what) noexcept;

    loop& home_;
    work_pool& pool_;
    std::size_t under_way_ = 0;
    std::mutex door_;  // guards all below
    std::condition_variable all_back_;
    work_pool::queue done_;
    std::size_t out_ = 0;  // taken by the pool and not back
    std::atomic<bool> has_done_{false};
};

namespace detail {

template <class Run, class Done>
class call final : public work_pool::job {
    using value = std::invoke_result_t<Run&>;

public:
    call(Run run, Done done) : run_(std::move(run)), done_(std::move(done)) {}
    void run() noexcept override {
        if constexpr (std::is_void_v<value>)
            run_();
        else
            value_.emplace(run_());
    }
    void on_done() noexcept override {
        if constexpr (std::is_void_v<value>)
            done_();
        else
            done_(std::move(*value_));
    }

private:
    Run run_;
    Done done_;
    std::conditional_t<std::is_void_v<value>, bool, std::optional<value>> value_{};
};

}  // namespace detail

template <class Run, class Done>
result<pending> work_desk::submit(Run run, Done done) {
    std::unique_ptr<work_pool::job> made =
        std::make_unique<detail::call<Run, Done>>(std::move(run), std::move(done));
    return submit(made);
}

}  // namespace nightjar::io
