#pragma once
// Where a worker's connections live: on one loop, counted, limited, drained together.

#include <nightjar/io/models.hpp>
#include <nightjar/io/timeout.hpp>

#include "workers/models/contest.hpp"
#include "workers/models/counters.hpp"
#include "workers/models/task_pool.hpp"

namespace nightjar::io::models {

/// All of it on its loop's thread. Its end drops what is open and turns the loop until all have
/// heard of it; promise: not from inside a turn.
class floor final : public resident, private acceptor, private newcomers, private turn_hook {
public:
    floor(loop& home, const model_options& how, const guest_maker& make, counter_row& mine) noexcept
        : home_(home), how_(how), make_(make), mine_(mine) {}
    ~floor() override;

    /// Accepts from a copy of this socket. `by_turns`: others do so as well. The kernel wakes one,
    /// whoever has waited longest; so after a turn with newcomers this one goes to the end.
    result<> listen(int socket, bool by_turns);
    /// Accepts while it holds the mutex.
    result<> compete(int socket, accept_mutex& mutex, const rivals& others);
    /// Handlers run on the threads of a pool from now on; `rows`: one per thread.
    result<> hire(counter_table& rows, unsigned threads);
    /// A connection that somebody else has accepted. At the limit it is closed.
    void take(handle socket) override;

    /// Accepts nothing more, ends each connection that has no open exchange, and all others at the
    /// limit of time; then calls `done`, from the loop.
    void drain(std::function<void()> done);
    /// Calls `done` when the last connection has gone.
    void when_empty(std::function<void()> done) { on_empty_ = std::move(done); }

    bool has_room() noexcept override { return guests_here_ < how_.connections_max; }
    std::uint64_t connections() const noexcept override { return guests_here_; }
    loop& home() noexcept { return home_; }
    const model_options& how() const noexcept { return how_; }

    // For its guests:
    counter_row& counts() noexcept { return mine_; }
    chunk_pool& chunks() noexcept { return chunks_; }
    task_pool* tasks() noexcept { return tasks_.get(); }
    /// Its task goes to the pool; the floor stops reading where that was the last there may be.
    void compute(guest& whose, bytes asked);
    bool reads() const noexcept { return reads_; }
    void left(guest& who) noexcept;
    void stop_if_empty() noexcept;

private:
    void on_accept(stream& fresh) noexcept override;
    void on_turn() noexcept override;
    void on_accept_failed(error) noexcept override {}  // the listener tries again by itself
    void seat(stream& fresh);
    void steer_accepting() noexcept;
    void steer_guests() noexcept;
    void finish(job& done) noexcept;
    void sweep() noexcept;

    loop& home_;
    const model_options& how_;
    const guest_maker& make_;
    counter_row& mine_;
    chunk_pool chunks_;
    std::unique_ptr<task_pool> tasks_;
    intrusive_list<guest, guest> guests_;  // under a pool: who was served longest ago comes first
    std::uint32_t guests_here_ = 0;
    std::unique_ptr<listener> listener_;
    std::unique_ptr<contest> contest_;
    bool by_turns_ = false;
    bool gave_way_ = false;
    bool accepting_ = true;
    bool reads_ = true;  // false from when there are no tasks left until half of them are vacant
    std::function<void()> on_empty_;
    instant drain_until_ = never;
    timeout<floor, &floor::sweep> sweep_{*this};
};

}  // namespace nightjar::io::models
