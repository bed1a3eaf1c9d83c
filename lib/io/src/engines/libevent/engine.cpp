// The engine on a libevent base of its own: sockets by events, waiting by event_base_loop.

#include "engines/readiness/engine.hpp"
#include "engines/libevent/home.hpp"
#include "engines/libevent/poller.hpp"

namespace nightjar::io {
namespace libevent {
namespace {

class engine final : public readiness::engine {
public:
    engine(std::unique_ptr<home> where, const engine_options& how)
        : readiness::engine(poller_), home_(std::move(where)), poller_(home_->base(), how) {}

    std::string_view name() const noexcept override { return "libevent"; }
    void turn(instant until) noexcept override {
        home_->run_once(wait_of(limit(until)));
        finish_turn();
    }
    void wake() noexcept override { home_->wake(); }

private:
    duration wait_of(instant until) noexcept {
        if (until == instant::min()) return duration::zero();
        return until == never ? duration::max() : until - now();
    }

    std::unique_ptr<home> home_;  // outlives the poller's events
    poller poller_;
};

}  // namespace
}  // namespace libevent

result<std::unique_ptr<engine>> make_libevent_engine(const engine_options& how) {
    auto where = libevent::home::open();
    if (!where) return fail(where.error());
    return std::make_unique<libevent::engine>(std::move(*where), how);
}

}  // namespace nightjar::io
