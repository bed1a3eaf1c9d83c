#include "workers/models/floor.hpp"

#include <utility>

namespace nightjar::io::models {

floor::~floor() {
    listener_.reset();
    contest_.reset();
    drain_until_ = never;
    on_empty_ = nullptr;
    tasks_.reset();
    while (!guests_.empty()) {
        for (guest& one : guests_) one.drop();
        home_.run_once(instant::min());
    }
}

result<> floor::listen(int socket, bool by_turns) {
    listen_options how;
    how.existing = socket;
    how.exclusive = by_turns_ = by_turns;
    auto made = home_.engine().listen(how, *this);
    if (!made) return fail(made.error());
    listener_ = std::move(*made);
    steer_accepting();
    if (by_turns) home_.add_hook(*this);
    return {};
}

result<> floor::compete(int socket, accept_mutex& mutex, const rivals& others) {
    auto made = contest::enter(home_, socket, mutex, others, *this);
    if (!made) return fail(made.error());
    contest_ = std::move(*made);
    return {};
}

result<> floor::hire(counter_table& rows, unsigned threads) {
    auto made = task_pool::start(home_, how_, threads, [this, &rows](job& over) {
        counter_row& row = rows[over.by];
        counter_row::add(row.messages, 1);
        counter_row::add(row.bytes_in, over.asked.size());
        counter_row::add(row.bytes_out, over.answer.said().size());
        finish(over);
    });
    if (!made) return fail(made.error());
    tasks_ = std::move(*made);
    return {};
}

void floor::take(handle socket) {
    auto adopted = has_room() ? home_.engine().adopt(std::move(socket)) : fail(error::no_room);
    if (!adopted) return counter_row::add(mine_.accepted, 1);
    seat(**adopted);
}

void floor::on_accept(stream& fresh) noexcept {
    seat(fresh);
    if (!by_turns_ || !accepting_) return;
    gave_way_ = true;
    listener_->pause();
}

/// A listener that is resumed stands behind all others in the kernel's queue.
void floor::on_turn() noexcept {
    if (std::exchange(gave_way_, false) && accepting_ && listener_) listener_->resume();
}

void floor::seat(stream& fresh) {
    guest* made = make_.make(*this);
    guests_.push_back(*made);
    ++guests_here_;
    counter_row::add(mine_.accepted, 1);
    counter_row::add(mine_.connections, 1);
    steer_accepting();
    made->start(fresh);
}

void floor::steer_accepting() noexcept {
    if (listener_ == nullptr || accepting_ == has_room()) return;
    accepting_ = has_room();
    accepting_ ? listener_->resume() : listener_->pause();
}

void floor::left(guest& who) noexcept {
    delete &who;
    --guests_here_;
    counter_row::add(mine_.connections, std::uint64_t{0} - 1);
    steer_accepting();
    stop_if_empty();
}

void floor::stop_if_empty() noexcept {
    if (!guests_.empty() || !on_empty_) return;
    const auto call = std::exchange(on_empty_, nullptr);
    call();
}

// --- tasks ---------------------------------------------------------------------------------------

void floor::compute(guest& whose, bytes asked) {
    job& mine = tasks_->take();
    mine.whose = &whose;
    mine.asked.assign(asked.begin(), asked.end());
    mine.answer.begin(whose, whose.line::room());
    whose.set_busy(true);
    tasks_->submit(mine);
    // To the end: when there is room again, those come first who were served longest ago.
    guests_.erase(whose);
    guests_.push_back(whose);
    if (!tasks_->is_full()) return whose.steer_input();
    reads_ = false;
    steer_guests();
}

void floor::finish(job& done) noexcept {
    done.whose->deliver(done);
    if (reads_ || !tasks_->is_relaxed()) return;
    reads_ = true;
    steer_guests();
}

void floor::steer_guests() noexcept {
    for (guest& one : guests_) one.steer_input();
}

// --- drain ---------------------------------------------------------------------------------------

void floor::drain(std::function<void()> done) {
    if (drain_until_ != never) return;
    listener_.reset();
    contest_.reset();
    on_empty_ = std::move(done);
    drain_until_ = home_.now() + how_.drain_max;
    sweep();
}

void floor::sweep() noexcept {
    const bool is_over = home_.now() >= drain_until_;
    for (guest& one : guests_) is_over ? one.drop() : one.sweep();
    if (guests_.empty()) return stop_if_empty();
    const duration pause = std::max<duration>(how_.drain_quiet / 2, 1ms);
    sweep_.start(home_, std::min(pause, std::max<duration>(drain_until_ - home_.now(), 1ms)));
}

}  // namespace nightjar::io::models
