#pragma once
// One thread's world: an engine, a clock that stands still during a turn, timers, the dirty list,
// and a door for other threads.
//
//   a turn:  prepare hooks  →  engine.turn (on_data, on_accept, …)  →  due timers  →  posted tasks
//   → hooks  →  idle hooks  →  dirty list flushed once
//
// Everything but post(), stop() and wake() belongs to the loop's own thread.

#include <nightjar/base/intrusive_list.hpp>
#include <nightjar/base/timer_wheel.hpp>

#include <nightjar/io/engine.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace nightjar::io {

/// Something with output to write. Put on its loop's dirty list, it is flushed once at the end of
/// the turn, however often it was marked. Leaves the list by itself when destroyed.
class flusher : public list_hook<flusher> {
public:
    virtual void flush() noexcept = 0;

protected:
    ~flusher() = default;
};

/// Called once a turn, between tasks and flush: where a worker drains its rings.
class turn_hook : public list_hook<turn_hook> {
public:
    virtual void on_turn() noexcept = 0;

protected:
    ~turn_hook() = default;
};

/// Called once a turn, before the engine waits: the last moment to arm a timer, or to mark
/// something dirty, which keeps this turn from waiting.
class prepare_hook : public list_hook<prepare_hook> {
public:
    virtual void on_prepare() noexcept = 0;

protected:
    ~prepare_hook() = default;
};

/// Called every turn, after the turn hooks; while a loop has one it does not wait. Whoever has
/// nothing left to do calls unlink().
class idle_hook : public list_hook<idle_hook> {
public:
    virtual void on_idle() noexcept = 0;

protected:
    ~idle_hook() = default;
};

class loop {
public:
    using task = std::function<void()>;

    /// This platform's best engine; a broken promise where there is none at all.
    loop();
    explicit loop(std::unique_ptr<io::engine> on) noexcept;
    ~loop();
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    io::engine& engine() noexcept { return *engine_; }
    /// The time of this turn: the clock is read once, when somebody asks for the first time after
    /// the wait.
    instant now() const noexcept {
        if (!now_is_known_) {
            now_ = engine_->now();
            now_is_known_ = true;
        }
        return now_;
    }

    /// Turns until stop().
    void run();
    /// One turn that waits until `until` at most. The simulator and foreign loops drive this.
    /// Promise: not from inside a turn.
    void run_once(instant until) noexcept;
    /// When the next turn is due at the latest, events aside; `never` if nothing is armed; the past
    /// if work is waiting.
    instant deadline() const noexcept;
    /// From any thread, or a signal handler's task: run() returns after the turn. A stop before
    /// run() counts.
    void stop() noexcept;
    bool is_stopping() const noexcept { return stopping_.load(std::memory_order_acquire); }
    /// Somebody else waits for this loop: its engine's descriptor then also becomes readable when
    /// something was asked of it between two turns. See guest.hpp.
    void set_hosted(bool is) noexcept { is_hosted_ = is; }

    /// From any thread: `what` runs on the loop's thread, in order per thread that posts. Not for
    /// hot paths (it allocates).
    void post(task what);
    void wake() noexcept { engine_->wake(); }

    /// Timers never fire early; see timer_wheel.hpp.
    timer_wheel& timers() noexcept {
        tell_host();
        return timers_;
    }
    void arm(timer& which, duration from_now) noexcept { timers().arm(which, now() + from_now); }

    void mark_dirty(flusher& who) noexcept {
        tell_host();
        if (!dirty_.is_linked(who)) dirty_.push_back(who);
    }
    /// A hook stays until its unlink() or its end; it may be added and unlinked inside of calls.
    void add_hook(turn_hook& who) noexcept { hooks_.push_back(who); }
    void add_prepare(prepare_hook& who) noexcept { prepare_.push_back(who); }
    void add_idle(idle_hook& who) noexcept {
        tell_host();
        idle_.push_back(who);
    }

private:
    void tell_host() noexcept {
        if (is_hosted_ && !is_turning_) wake();
    }
    void run_posted() noexcept;
    void call_prepare() noexcept;
    void flush_dirty() noexcept;

    std::unique_ptr<io::engine> engine_;
    mutable instant now_{};
    mutable bool now_is_known_ = true;
    bool is_turning_ = false;
    bool is_hosted_ = false;
    timer_wheel timers_;
    intrusive_list<flusher, flusher> dirty_;
    intrusive_list<turn_hook, turn_hook> hooks_;
    intrusive_list<prepare_hook, prepare_hook> prepare_;
    intrusive_list<idle_hook, idle_hook> idle_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex door_;  // guards posted_ only; never held while a task runs
    std::vector<task> posted_;
    std::atomic<bool> has_posted_{false};
};

}  // namespace nightjar::io
