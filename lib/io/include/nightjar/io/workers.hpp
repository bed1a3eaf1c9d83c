#pragma once
// N threads with a loop each. They share nothing here; what they send each other is their owner's
// matter.

#include <nightjar/io/loop.hpp>

#include <functional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::io {

/// The cores that this process may really use: its CPU mask, and its control group's quota, rounded
/// up. At least 1. [sched_getaffinity(2), cgroup v2 cpu.max]
unsigned usable_cores() noexcept;

struct workers_options {
    unsigned count = 0;           ///< 0: usable_cores().
    std::string name = "worker";  ///< Threads are called "worker/0", … (15 bytes at most).
    bool pin = false;             ///< Each to one CPU, in turn.
    std::vector<int> cpus{};      ///< Which ones; empty: those of the process's mask.
    /// NUMA nodes, in turn: a worker runs on its node's CPUs (with `pin` on one of them) and takes
    /// memory of that node only. Not with `cpus`. [set_mempolicy(2) MPOL_BIND]
    std::vector<int> nodes{};
    bool one_by_one = false;  ///< `settle` for 0 first, then for 1, …, not at once.
    engine_kind engine = engine_kind::automatic;
    engine_options each{};
};

/// What lives on a worker: made on its thread before the loop runs, destroyed there after it.
class resident {
public:
    virtual ~resident() = default;
};

class workers {
public:
    using settle = std::function<result<std::unique_ptr<resident>>(loop& home, unsigned index)>;
    /// Makes what all workers share. Called once, by the starter, when all loops are there and none
    /// runs. It outlives the residents and the threads, and ends before the loops.
    using assemble = std::function<result<std::unique_ptr<resident>>(std::span<loop* const> homes)>;

    /// Starts all threads and waits until each has settled. If one cannot (no engine, no CPU,
    /// `share` or `make` refused), all are stopped and joined, and its error is the answer. `make`
    /// is called on each thread, by several at once unless `one_by_one`.
    static result<std::unique_ptr<workers>> start(const workers_options& how, settle make,
                                                  const assemble& share = {});

    /// Stops and joins.
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    unsigned size() const noexcept { return static_cast<unsigned>(seats_.size()); }
    /// Why `automatic` did not take io_uring; empty if it did, or was not asked.
    const std::string& fallback() const noexcept { return seats_.front()->fallback; }
    /// For post(), wake() and stop(), from any thread.
    loop& at(unsigned index) noexcept { return *seats_[index]->home; }

    /// From any thread.
    void stop() noexcept;
    /// Waits for the end of all.
    void join() noexcept;

private:
    struct seat {
        std::unique_ptr<loop> home;  // made by its thread before it reports
        std::string fallback;
        std::thread thread;
    };
    class roll_call;

    workers() = default;
    void live(unsigned index, seat& mine);
    error assemble_all(const assemble& share);

    std::vector<std::unique_ptr<seat>> seats_;
    std::unique_ptr<resident> shared_;
    std::unique_ptr<roll_call> roll_;
    workers_options how_;
    settle make_;
};

}  // namespace nightjar::io
