#include "workers/models/supervisor.hpp"

namespace nightjar::io::models {
namespace {

constexpr duration look_again = 10ms;  // when all are full
constexpr duration rest_time = 100ms;  // when no process can be made

}  // namespace

bool supervisor::can_take(const slot& one) const noexcept {
    if (one.now == nullptr) return forks_late() && one.due == never;
    if (is_per_connection() || !one.now->is(life::state::serving)) return false;
    const std::uint64_t here = one.now->row().connections.load(std::memory_order_relaxed);
    return here + one.now->in_transit() < how().connections_max;
}

/// The next one in turn that has room.
bool supervisor::has_room() noexcept {
    for (std::size_t i = 0; i < slots_.size() && !spare_; ++i) {
        if (can_take(slots_[next_])) return true;
        next_ = (next_ + 1) % static_cast<unsigned>(slots_.size());
    }
    again_.start(home_, look_again);
    return false;
}

bool supervisor::give(slot& to, handle& fresh) {
    if (to.now != nullptr) return to.now->send_connection(static_cast<int>(fresh.value()));
    if (auto made = spawn(to, to.now, std::move(fresh)); !made) {
        note("a connection is closed, as no process can be made for it: " +
             std::string(describe(made.error().what)));
        door_->close();
        again_.start(home_, rest_time);
    }
    return true;
}

void supervisor::take(handle fresh) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slot& one = slots_[next_];
        next_ = (next_ + 1) % static_cast<unsigned>(slots_.size());
        if (can_take(one) && give(one, fresh)) return;
    }
    spare_ = std::move(fresh);
    door_->close();
    again_.start(home_, look_again);
}

void supervisor::open_door() noexcept {
    if (!door_) return;
    if (spare_) {
        take(std::exchange(spare_, {}));
        if (spare_) return;
    }
    if (!again_.is_armed()) door_->open();
}

}  // namespace nightjar::io::models
