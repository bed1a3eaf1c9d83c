// The models of a thread per core: `threads`, where the first one accepts for all, and `reuseport`,
// where each has a listening socket of its own.
#include "workers/models/door.hpp"
#include "workers/models/floor.hpp"
#include "workers/models/governor.hpp"
#include "workers/models/sockets.hpp"
#include "workers/place.hpp"

#include "os/address.hpp"

#include <unistd.h>

#include <mutex>

namespace nightjar::io::models {
namespace {

constexpr std::uint64_t in_transit_max = 1024;  // to one thread; then another one is next
constexpr duration look_again = 10ms;           // when all are full

/// A thread's connections, and those on their way to it.
class post final : public resident, private turn_hook {
public:
    post(loop& home, const model_options& how, const guest_maker& make, counter_row& mine)
        : home_(home), mine_(mine), floor_(home, how, make, mine) {
        home.add_hook(*this);
    }

    models::floor& place() noexcept { return floor_; }
    void drain(std::function<void()> done) {
        on_turn();  // what was sent before is still served
        floor_.drain(std::move(done));
    }

    // From the accepting thread:
    bool has_room(std::uint32_t connections_max) const noexcept {
        const auto now = [](const counter_row::field& one) {
            return one.load(std::memory_order_relaxed);
        };
        const std::uint64_t in_transit = sent_ - now(mine_.accepted);
        return in_transit < in_transit_max && now(mine_.connections) + in_transit < connections_max;
    }
    void send(handle fresh) {
        ++sent_;
        const std::lock_guard lock(door_);
        came_.push_back(std::move(fresh));
        if (came_.size() == 1) home_.wake();
    }

private:
    void on_turn() noexcept override {
        std::vector<handle> mine;
        {
            const std::lock_guard lock(door_);
            mine.swap(came_);
        }
        for (handle& one : mine) floor_.take(std::move(one));
    }

    loop& home_;
    counter_row& mine_;
    std::uint64_t sent_ = 0;  // the accepting thread's
    std::mutex door_;         // guards came_
    std::vector<handle> came_;
    models::floor floor_;  // first to end, in turns of which on_turn() is called
};

class threads final : private governor, private newcomers {
public:
    threads(const model_options& how, loop& home, counter_table& rows, const guest_maker& make)
        : governor(how), home_(home), rows_(rows), make_(make), posts_(how.workers.count) {}

    result<> run();

private:
    result<> start();
    result<std::unique_ptr<resident>> settle(loop& home, unsigned index);
    bool has_room() noexcept override;
    void take(handle fresh) override {
        posts_[next_]->send(std::move(fresh));
        next_ = (next_ + 1) % count();
    }
    void open_door() noexcept;
    void on_drain() override;
    void on_stop() override { home_.stop(); }
    void on_restart() override { note("HUP replaces worker processes; this model has none"); }
    std::vector<worker_counts> ask_counts() override;
    bool accepts_here() const noexcept { return how().model == model::threads; }
    unsigned count() const noexcept { return how().workers.count; }

    loop& home_;
    counter_table& rows_;
    const guest_maker& make_;
    std::vector<handle> sockets_;
    std::vector<post*> posts_;  // the workers'
    std::unique_ptr<workers> workers_;
    std::unique_ptr<door> door_;
    unsigned next_ = 0;
    unsigned draining_ = 0;
    timeout<threads, &threads::open_door> again_{*this};
};

result<std::unique_ptr<resident>> threads::settle(loop& home, unsigned index) {
    auto made = std::make_unique<post>(home, how(), make_, rows_[index]);
    if (!accepts_here()) {
        const int socket = static_cast<int>(sockets_[index].value());
        if (auto listens = made->place().listen(socket, false); !listens)
            return fail(listens.error());
    }
    posts_[index] = made.get();
    return made;
}

result<> threads::start() {
    auto sockets = open_sockets(how(), accepts_here() ? 1 : count());
    if (!sockets) return fail(sockets.error());
    sockets_ = std::move(*sockets);
    const int first = static_cast<int>(sockets_.front().value());
    if (how().steer && !accepts_here() && count() > 1) {
        if (auto steered = steer_to_workers(first, how().workers); !steered) return steered;
    }
    if (auto heard = hear_signals(home_); !heard) return heard;
    auto made = workers::start(how().workers,
                               [this](loop& on, unsigned index) { return settle(on, index); });
    if (!made) return fail(made.error());
    workers_ = std::move(*made);
    if (!accepts_here()) return {};
    auto opened = door::make(home_, first, *this);
    if (!opened) return fail(opened.error());
    door_ = std::move(*opened);
    door_->open();
    return {};
}

result<> threads::run() {
    if (auto started = start(); !started) return started;
    const endpoint at = os::local_of(static_cast<int>(sockets_.front().value()));
    if (!accepts_here()) sockets_.clear();  // the workers' copies are the only ones now
    announce(at, count(), workers_->at(0).engine().name());
    home_.run();
    door_.reset();
    workers_->stop();
    workers_->join();
    hear_nothing();
    return {};
}

/// The next one in turn that has room.
bool threads::has_room() noexcept {
    for (unsigned i = 0; i < count(); ++i) {
        if (posts_[next_]->has_room(how().connections_max)) return true;
        next_ = (next_ + 1) % count();
    }
    again_.start(home_, look_again);
    return false;
}

void threads::open_door() noexcept {
    if (door_) door_->open();
}

void threads::on_drain() {
    if (draining_ != 0) return;
    door_.reset();
    sockets_.clear();
    draining_ = count();
    for (unsigned i = 0; i < count(); ++i) {
        workers_->at(i).post([this, mine = posts_[i]] {
            mine->drain([this] {
                home_.post([this] {
                    if (--draining_ == 0) home_.stop();
                });
            });
        });
    }
}

std::vector<worker_counts> threads::ask_counts() {
    std::vector<worker_counts> all;
    for (unsigned i = 0; i < count(); ++i) {
        add_counts(all.emplace_back(worker_counts{.worker = i, .pid = ::getpid(), .lives = 1}),
                   rows_[i]);
    }
    return all;
}

}  // namespace

result<> run_threads(const model_options& how, const guest_maker& make) {
    auto rows = counter_table::make(how.workers.count);
    if (!rows) return fail(rows.error());
    // This loop accepts and hears signals; the workers' loops have the engine that was asked for.
    auto on = make_epoll_engine();
    if (!on) return fail(on.error());
    loop home(std::move(*on));
    return threads(how, home, **rows, make).run();
}

}  // namespace nightjar::io::models
