#pragma once
// N threads with a loop each. They share nothing here; what they send each other is their owner's
// matter.

#include <nightjar/io/loop.hpp>

#include <functional>
#include <string>
#include <thread>

namespace nightjar::io {

/// The cores that this process may really use: its CPU mask, and its control group's quota, rounded
/// up. At least 1. [sched_getaffinity(2), cgroup v2 cpu.max]
unsigned usable_cores() noexcept;

struct workers_options {
    unsigned count = 0;           ///< 0: usable_cores().
    std::string name = "worker";  ///< Threads are called "worker/0", … (15 bytes at most).
    bool pin = false;             ///< Each to one of the CPUs of the process's mask, in turn.
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

    /// Starts all threads and waits until each has settled. If one cannot (no engine, no CPU,
    /// `settle` refused), all are stopped and joined, and its error is the answer. `settle` is
    /// called on each thread, by several at once.
    static result<std::unique_ptr<workers>> start(const workers_options& how, settle make);

    /// Stops and joins.
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    unsigned size() const noexcept { return static_cast<unsigned>(seats_.size()); }
    /// For post(), wake() and stop(), from any thread.
    loop& at(unsigned index) noexcept { return *seats_[index]->home; }

    /// From any thread.
    void stop() noexcept;
    /// Waits for the end of all.
    void join() noexcept;

private:
    struct seat {
        std::unique_ptr<loop> home;  // made by its thread before it reports
        std::thread thread;
    };
    class roll_call;

    workers() = default;
    static void live(const workers_options& how, const settle& make, unsigned index, seat& mine,
                     roll_call& roll);

    std::vector<std::unique_ptr<seat>> seats_;
    std::unique_ptr<roll_call> roll_;
    workers_options how_;
    settle make_;
};

}  // namespace nightjar::io
