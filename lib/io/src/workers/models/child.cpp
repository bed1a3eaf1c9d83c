#include "workers/models/child.hpp"

#include "workers/models/floor.hpp"
#include "workers/models/governor.hpp"
#include "workers/place.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>

namespace nightjar::io::models {
namespace {

class child final : private governor, private channel::hearer {
public:
    child(child_spec& what, loop& home, channel& boss)
        : governor(what.how),
          what_(what),
          home_(home),
          boss_(boss),
          socket_(what.socket < 0 ? handle() : kernel_handle(what.socket)),
          floor_(home, what.how, what.make, what.mine) {}

    result<> start();

private:
    void on_word(const word& what, handle with) override;
    /// Nobody would replace it, count it or end it: it finishes what it has.
    void on_hung_up() override { on_drain(); }
    void on_drain() override {
        floor_.drain([this] { home_.stop(); });
        socket_.reset();  // the port is open as long as somebody has a copy
    }
    void on_stop() override { home_.stop(); }
    void on_restart() override {}  // the first process's matter
    std::vector<worker_counts> ask_counts() override { return {}; }

    child_spec& what_;
    loop& home_;
    channel& boss_;
    handle socket_;
    floor floor_;
};

result<> child::start() {
    if (auto heard = hear_signals(home_); !heard) return heard;
    if (auto heard = boss_.listen(home_, *this); !heard) return heard;
    if (what_.first) floor_.take(std::move(what_.first));
    if (what_.leaves_when_empty) {
        floor_.when_empty([this] { home_.stop(); });
        floor_.stop_if_empty();
    }
    if (!socket_) return {};
    const int socket = static_cast<int>(socket_.value());
    if (what_.mutex != nullptr)
        return floor_.compete(socket, *what_.mutex, {what_.rows, how().workers.count});
    auto listens = floor_.listen(socket, how().model == model::prefork);
    socket_.reset();  // the floor has its own copy
    return listens;
}

void child::on_word(const word& what, handle with) {
    switch (what.what) {
        case word::kind::connection: return floor_.take(std::move(with));
        case word::kind::drain: return on_drain();
        case word::kind::stop: return on_stop();
        case word::kind::ready:
        case word::kind::failed: return;  // ours to say
    }
}

word to_word(error why) noexcept {
    return {.what = word::kind::failed, .why = why.what, .os = why.os, .engine = {}};
}

word to_word(std::string_view engine) noexcept {
    word out;
    copy(as_bytes(engine.substr(0, out.engine.size() - 1)),
         {reinterpret_cast<byte*>(out.engine.data()), out.engine.size()});
    return out;
}

/// Returns the exit code.
int live(child_spec& what) {
    channel boss(std::move(what.channel));
    const auto give_up = [&](error why) {
        (void)boss.send(to_word(why));
        return 1;
    };
    const std::string name = (what.how.workers.name + '/' + std::to_string(what.index));
    ::prctl(PR_SET_NAME, name.substr(0, 15).c_str());
    if (auto placed = place_this_thread(what.how.workers, what.index); !placed)
        return give_up(placed.error());
    auto on = make_engine(what.how.workers.engine, what.how.workers.each);
    if (!on) return give_up(on.error());
    loop home(std::move(*on));
    child self(what, home, boss);
    if (auto started = self.start(); !started) return give_up(started.error());
    if (!boss.send(to_word(home.engine().name()))) return 1;
    home.run();
    ::_exit(0);  // at once, whatever is open
}

}  // namespace

void live_as_child(child_spec what) noexcept {
    what.how.tell = nullptr;  // hears the first process only
    ::_exit(live(what));
}

}  // namespace nightjar::io::models
