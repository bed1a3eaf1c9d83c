#include "workers/models/governor.hpp"

namespace nightjar::io::models {

result<> governor::hear_signals(loop& home) {
    auto made = signals::make(home);
    if (!made) return fail(made.error());
    signals_ = std::move(*made);
    const auto stop = [this] { on_stop(); };
    const std::pair<int, signals::callback> all[] = {{SIGQUIT, [this] { on_drain(); }},
                                                     {SIGTERM, stop},
                                                     {SIGINT, stop},
                                                     {SIGHUP, [this] { on_restart(); }},
                                                     {SIGUSR1, [this] { say_counts(); }}};
    for (const auto& [number, call] : all)
        if (auto heard = signals_->on(number, call); !heard) return heard;
    return {};
}

void governor::say_counts() {
    if (how_.tell == nullptr) return;
    const std::vector<worker_counts> all = ask_counts();
    how_.tell->on_counters(all);
}

}  // namespace nightjar::io::models
