#include "workers/models/supervisor.hpp"

#include "workers/models/sockets.hpp"
#include "workers/place.hpp"

#include "os/address.hpp"

#include <algorithm>

namespace nightjar::io::models {
namespace {

constexpr duration patience = 2s;  // of those who were told to end, until they are killed

}  // namespace

supervisor::supervisor(const model_options& how, loop& home, counter_table& rows,
                       const guest_maker& make)
    : governor(how), home_(home), rows_(rows), make_(make), slots_(how.workers.count) {
    for (unsigned i = 0; i < slots_.size(); ++i) slots_[i].index = slots_[i].past.worker = i;
    for (std::size_t i = rows_.size(); i != 0; --i) free_rows_.push_back(&rows_[i - 1]);
    home_.add_hook(*this);
}

result<> supervisor::open() {
    const bool has_many = how().model == model::reuseport;
    const auto count = static_cast<unsigned>(slots_.size());
    auto sockets = open_sockets(how(), has_many ? count : 1);
    if (!sockets) return fail(sockets.error());
    sockets_ = std::move(*sockets);
    const int first = static_cast<int>(sockets_.front().value());
    if (has_many && count > 1 && how().steer) {
        if (auto steered = steer_to_workers(first, how().workers); !steered) return steered;
    }
    if (how().model == model::prefork && how().by_mutex) {
        auto made = accept_mutex::make();
        if (!made) return fail(made.error());
        mutex_ = std::move(*made);
    }
    if (!accepts_here()) return {};
    auto opened = door::make(home_, first, *this);
    if (!opened) return fail(opened.error());
    door_ = std::move(*opened);
    return {};
}

result<> supervisor::start() {
    if (auto opened = open(); !opened) return opened;
    if (auto heard = hear_signals(home_); !heard) return heard;
    if (!forks_late()) {
        for (slot& one : slots_)
            if (auto made = spawn(one, one.now, {}); !made) return made;
        return {};
    }
    // Each process will have an engine of its own; this one only says whether there will be.
    const auto probe = make_engine(how().workers.engine, how().workers.each);
    if (!probe) return fail(probe.error());
    announce_if_ready((*probe)->name());
    return {};
}

result<> supervisor::run() {
    if (auto started = start(); !started) {
        why_ = started.error();
        end(word::kind::stop, patience);
    }
    home_.run();
    hear_nothing();
    if (why_ != error::none) return fail(why_);
    return {};
}

void supervisor::announce_if_ready(std::string_view engine) {
    const auto serves = [](const slot& one) {
        return one.now != nullptr && one.now->is(life::state::serving);
    };
    if (announced_ || ending_ || (!forks_late() && !std::ranges::all_of(slots_, serves))) return;
    announced_ = true;
    announce(os::local_of(static_cast<int>(sockets_.front().value())),
             static_cast<unsigned>(slots_.size()), engine);
    open_door();
}

void supervisor::on_drain() {
    if (!ending_) end(word::kind::drain, how().drain_max + patience);
}

void supervisor::on_stop() { end(word::kind::stop, patience); }

void supervisor::end(word::kind how_they_end, duration within) {
    ending_ = true;
    door_.reset();
    sockets_.clear();
    spare_.reset();
    respawn_.cancel();
    for (const auto& one : lives_) one->tell(how_they_end);
    kill_.start(home_, within);
    if (lives_.empty()) home_.stop();
}

void supervisor::kill_rest() noexcept {
    for (const auto& one : lives_) one->kill();
}

std::vector<worker_counts> supervisor::ask_counts() {
    std::vector<worker_counts> all;
    for (const slot& one : slots_) {
        // Of processes that there may be, only those that have been there; one at least.
        if (is_per_connection() && one.past.lives == 0 && one.index != 0) continue;
        worker_counts& sum = all.emplace_back(one.past);
        sum.pid = one.now != nullptr ? one.now->pid() : 0;
        for (const auto& who : lives_)
            if (who->index() == one.index) add_counts(sum, who->row());
    }
    return all;
}

result<> run_processes(const model_options& how, const guest_maker& make) {
    // A worker's successor counts beside it for a while.
    auto rows = counter_table::make(std::size_t{how.workers.count} * 2);
    if (!rows) return fail(rows.error());
    auto on = make_epoll_engine();
    if (!on) return fail(on.error());
    loop home(std::move(*on));
    return supervisor(how, home, **rows, make).run();
}

}  // namespace nightjar::io::models
