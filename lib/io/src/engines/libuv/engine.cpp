// The engine on a libuv loop of its own: sockets by uv_poll_t, waiting by uv_run.

#include "engines/readiness/engine.hpp"
#include "engines/libuv/home.hpp"
#include "engines/libuv/poller.hpp"

namespace nightjar::io {
namespace libuv {
namespace {

class engine final : public readiness::engine {
public:
    engine(std::unique_ptr<home> where, const engine_options& how)
        : readiness::engine(poller_), home_(std::move(where)), poller_(home_->loop(), how) {}

    std::string_view name() const noexcept override { return "libuv"; }
    void turn(instant until) noexcept override {
        home_->run_once(limit(until));
        finish_turn();
    }
    void wake() noexcept override { home_->wake(); }

private:
    std::unique_ptr<home> home_;  // outlives what it still has to close
    poller poller_;
};

}  // namespace
}  // namespace libuv

result<std::unique_ptr<engine>> make_libuv_engine(const engine_options& how) {
    auto where = libuv::home::open();
    if (!where) return fail(where.error());
    return std::make_unique<libuv::engine>(std::move(*where), how);
}

}  // namespace nightjar::io
