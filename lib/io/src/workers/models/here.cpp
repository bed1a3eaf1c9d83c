// The models of one loop: `single`, and `pool`, whose threads compute.
#include "workers/models/floor.hpp"
#include "workers/models/governor.hpp"
#include "workers/models/sockets.hpp"
#include "workers/place.hpp"

#include "os/address.hpp"

#include <unistd.h>

namespace nightjar::io::models {
namespace {

class here final : private governor {
public:
    here(const model_options& how, loop& home, counter_table& rows,
         const guest_maker& make) noexcept
        : governor(how), home_(home), rows_(rows), floor_(home, how, make, rows[0]) {}

    result<> run();

private:
    void on_drain() override {
        floor_.drain([this] { home_.stop(); });
    }
    void on_stop() override { home_.stop(); }
    void on_restart() override { note("HUP replaces worker processes; this model has none"); }
    std::vector<worker_counts> ask_counts() override;
    unsigned workers() const noexcept { return static_cast<unsigned>(rows_.size()); }

    loop& home_;
    counter_table& rows_;
    floor floor_;
};

result<> here::run() {
    auto sockets = open_sockets(how(), 1);
    if (!sockets) return fail(sockets.error());
    if (auto heard = hear_signals(home_); !heard) return heard;
    if (how().model == model::pool) {
        if (auto hired = floor_.hire(rows_, workers()); !hired) return hired;
    } else if (auto placed = place_this_thread(how().workers, 0); !placed) {
        return placed;
    }
    const int socket = static_cast<int>(sockets->front().value());
    if (auto listens = floor_.listen(socket, false); !listens) return listens;
    const endpoint at = os::local_of(socket);
    sockets->clear();  // the floor's copy is the only one: with it, the port is closed
    announce(at, workers(), home_.engine().name());
    home_.run();
    hear_nothing();
    return {};
}

std::vector<worker_counts> here::ask_counts() {
    std::vector<worker_counts> all;
    for (unsigned i = 0; i < workers(); ++i) {
        add_counts(all.emplace_back(worker_counts{.worker = i, .pid = ::getpid(), .lives = 1}),
                   rows_[i]);
    }
    return all;
}

}  // namespace

result<> run_here(const model_options& how, const guest_maker& make) {
    auto rows = counter_table::make(how.workers.count);
    if (!rows) return fail(rows.error());
    auto on = make_engine(how.workers.engine, how.workers.each);
    if (!on) return fail(on.error());
    loop home(std::move(*on));
    return here(how, home, **rows, make).run();
}

}  // namespace nightjar::io::models
