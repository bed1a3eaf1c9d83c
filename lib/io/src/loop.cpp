#include <nightjar/base/expects.hpp>

#include <nightjar/io/loop.hpp>

#include <algorithm>
#include <utility>

namespace nightjar::io {
namespace {

std::unique_ptr<engine> best_engine() {
    auto made = make_engine(engine_kind::automatic);
    expects(made.has_value(), "this machine has an engine for a loop");
    return std::move(*made);
}

/// Each one that is in the list now, once; whoever is added meanwhile comes next turn.
template <class Hook>
void call_each(intrusive_list<Hook, Hook>& all, void (Hook::*call)() noexcept) noexcept {
    if (all.empty()) return;
    intrusive_list<Hook, Hook> now;
    now.splice(all);
    while (Hook* one = now.pop_front()) {
        all.push_back(*one);  // before its call, in which it may die
        (one->*call)();
    }
}

}  // namespace

loop::loop() : loop(best_engine()) {}

loop::loop(std::unique_ptr<io::engine> on) noexcept
    : engine_(std::move(on)), now_(engine_->now()), timers_(now_) {}

loop::~loop() = default;

void loop::run() {
    while (!is_stopping()) run_once(never);
    stopping_.store(false, std::memory_order_release);
}

void loop::run_once(instant until) noexcept {
    expects(!std::exchange(is_turning_, true), "no turn inside of a turn");
    call_prepare();
    now_is_known_ = false;
    engine_->turn(std::min(until, deadline()));
    timers_.advance(now());
    run_posted();
    call_each(hooks_, &turn_hook::on_turn);
    call_each(idle_, &idle_hook::on_idle);
    flush_dirty();
    is_turning_ = false;
    if (is_hosted_) now_is_known_ = false;  // who calls next may come much later
}

instant loop::deadline() const noexcept {
    const bool has_work = has_posted_.load(std::memory_order_acquire) || !dirty_.empty() ||
                          !idle_.empty() || is_stopping();
    return has_work ? instant::min() : timers_.next_deadline();
}

void loop::stop() noexcept {
    stopping_.store(true, std::memory_order_release);
    wake();
}

void loop::post(task what) {
    {
        const std::lock_guard lock(door_);
        posted_.push_back(std::move(what));
        has_posted_.store(true, std::memory_order_release);
    }
    wake();
}

void loop::run_posted() noexcept {
    if (!has_posted_.load(std::memory_order_acquire)) return;
    std::vector<task> mine;
    {
        const std::lock_guard lock(door_);
        mine.swap(posted_);
        has_posted_.store(false, std::memory_order_release);
    }
    for (const task& one : mine) one();
}

void loop::call_prepare() noexcept {
    if (prepare_.empty()) return;
    now_is_known_ = false;  // the last turn may be long ago
    call_each(prepare_, &prepare_hook::on_prepare);
}

/// Who marks itself again while flushing waits for the next turn.
void loop::flush_dirty() noexcept {
    intrusive_list<flusher, flusher> now;
    now.splice(dirty_);
    while (flusher* one = now.pop_front()) one->flush();
}

}  // namespace nightjar::io
