#include "engine.hpp"

#include "listener.hpp"
#include "socket.hpp"

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <utility>

namespace nightjar::sim {

source::source(engine& home) : home_(home), number_(home.in().enrol(*this)) {}

source::~source() { home_.in().strike(number_); }

void source::mark() {
    if (is_marked_ || is_retired_) return;
    is_marked_ = true;
    home_.ready_.push_back(number_);
}

void source::retire() {
    if (std::exchange(is_retired_, true)) return;
    auto kept = home_.sources_.extract(number_);
    if (!kept.empty()) home_.graves_.push_back(std::move(kept.mapped()));
}

engine::~engine() = default;

void engine::turn(instant until) noexcept {
    if (until > in_.now()) wait(until);
    is_woken_ = false;
    std::vector<std::uint64_t> now = std::exchange(ready_, {});
    for (std::size_t i = now.size(); i > 1; --i)  // a kernel promises no order
        std::swap(now[i - 1], now[in_.chance().uniform(i)]);
    for (const std::uint64_t number : now) {
        const auto at = sources_.find(number);
        if (at == sources_.end()) continue;
        at->second->is_marked_ = false;
        at->second->deliver();
    }
    graves_.clear();
}

void engine::wait(instant until) {
    while (!is_ready() && in_.now() < until) {
        const instant next = in_.plan().next();
        expects(next != never || until != never, "a turn without limit waits for something");
        if (next > until) return in_.move_to(until);
        in_.move_to(std::max(in_.now(), next));
        in_.plan().run_next();
    }
}

result<std::unique_ptr<io::listener>> engine::listen(const io::listen_options& how,
                                                     io::acceptor& who) {
    auto at = in_.bind(how.at, how.reuse_port);
    if (!at) return nightjar::fail(at.error());
    auto& made = keep(std::make_unique<acceptance>(*this, *at, how.reuse_port, who));
    in_.say("host {} listens at {}", host_, at->text());
    return std::make_unique<listener>(made);
}

result<std::unique_ptr<io::attempt>> engine::connect(const io::connect_options& how,
                                                     io::connector& who) {
    if (how.to.kind() == io::endpoint::family::none) return nightjar::fail(error::invalid);
    auto& made = keep(std::make_unique<calling>(*this, who));
    made.start(how);
    return std::make_unique<attempt>(made);
}

result<io::stream*> engine::adopt(io::handle what) {
    if (!what) return nightjar::fail(error::invalid);
    const std::unique_ptr<loose_end> end(reinterpret_cast<loose_end*>(what.take()));
    wire* its = in_.find(end->wire_name);
    if (its == nullptr) return nightjar::fail(error::invalid);
    in_.say("wire {} side {} is adopted on host {}", its->name(), end->side, host_);
    return &keep(std::make_unique<socket>(*this, *its, end->side));
}

}  // namespace nightjar::sim
