#include "workers/models/supervisor.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace nightjar::io::models {
namespace {

constexpr duration short_life = 1s;
constexpr duration pause_least = 100ms;
constexpr duration pause_most = 5s;

std::string name_of(const life& who) {
    return "worker " + std::to_string(who.index()) + " (pid " + std::to_string(who.pid()) + ")";
}

std::string explain(int status) {
    if (WIFSIGNALED(status)) return " was killed by signal " + std::to_string(WTERMSIG(status));
    return " ended with status " + std::to_string(WEXITSTATUS(status));
}

void reset(counter_row& row) noexcept {
    for (counter_row::field* one :
         {&row.connections, &row.accepted, &row.messages, &row.bytes_in, &row.bytes_out})
        one->store(0, std::memory_order_relaxed);
}

}  // namespace

result<> supervisor::spawn(slot& where, life*& as, handle first) {
    if (free_rows_.empty()) return fail(error::no_room);
    counter_row& row = *free_rows_.back();
    child_spec what = spec_for(where, row, std::move(first));
    const int kept_socket = what.socket;
    auto made = life::begin({home_, *this, where.index, row}, std::move(what),
                            [this, kept_socket] { forget(kept_socket); });
    if (!made) return fail(made.error());
    free_rows_.pop_back();
    as = lives_.emplace_back(std::move(*made)).get();
    ++where.past.lives;
    where.due = never;
    return {};
}

child_spec supervisor::spec_for(const slot& where, counter_row& row, handle first) {
    child_spec what{.how = how(), .make = make_, .index = where.index, .rows = rows_, .mine = row};
    if (!accepts_here()) {
        const std::size_t which = how().model == model::reuseport ? where.index : 0;
        what.socket = static_cast<int>(sockets_[which].value());
    }
    what.mutex = mutex_.get();
    what.first = std::move(first);
    what.leaves_when_empty = is_per_connection();
    return what;
}

/// Else a socket would listen on, and a channel stay open, as long as somebody holds a copy.
void supervisor::forget(int kept_socket) const noexcept {
    for (const auto& one : lives_) one->forget();
    for (const handle& one : sockets_) {
        const int socket = static_cast<int>(one.value());
        if (socket != kept_socket) ::close(socket);
    }
    if (spare_) ::close(static_cast<int>(spare_.value()));
}

void supervisor::on_serving(life& who, std::string_view engine) {
    if (ending_) return;
    who.set(life::state::serving);
    slot& where = slots_[who.index()];
    if (where.next == &who) {
        where.due = never;
        life* const before = std::exchange(where.now, std::exchange(where.next, nullptr));
        if (before != nullptr) {
            before->set(life::state::leaving);
            before->tell(word::kind::drain);
        }
        renew_from(who.index() + 1);
    }
    announce_if_ready(engine);
}

void supervisor::on_failed(life& who, error why) {
    note(name_of(who) + " cannot start: " + std::string(describe(why.what)));
    if (announced_ || ending_) return;
    why_ = why;
    on_stop();
}

void supervisor::on_ended(life& who, int status) {
    slot& where = slots_[who.index()];
    add_counts(where.past, who.row());
    where.past.connections = 0;
    reset(who.row());
    ended_.push_back(&who);
    const bool was_now = where.now == &who;
    if (was_now) where.now = nullptr;
    if (where.next == &who) {
        where.next = nullptr;
        renewing_ = false;
        if (!ending_)
            note(name_of(who) + explain(status) + " before it was ready; its predecessor stays");
    }
    if (ending_) return;
    if (!announced_) {
        why_ = error::system;
        note(name_of(who) + explain(status) + " before it was ready");
        return on_stop();
    }
    if (was_now) replace(where, who, status);
    if (was_now && is_per_connection()) open_door();
}

void supervisor::replace(slot& where, const life& who, int status) {
    const bool in_order = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (is_per_connection()) {
        if (!in_order) note(name_of(who) + explain(status));
        return;
    }
    const bool was_short = home_.now() - who.born() < short_life;
    where.pause =
        was_short ? std::clamp<duration>(where.pause * 2, pause_least, pause_most) : duration{};
    where.due = home_.now() + where.pause;
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(where.pause).count();
    note(name_of(who) + explain(status) +
         (milliseconds == 0 ? "; a new one starts"
                            : "; a new one starts in " + std::to_string(milliseconds) + " ms"));
    arm_respawn();
}

void supervisor::arm_respawn() {
    instant first = never;
    for (const slot& one : slots_) first = std::min(first, one.due);
    if (first != never) respawn_.start_at(home_, first);
}

void supervisor::respawn_due() noexcept {
    for (slot& one : slots_) {
        if (one.due > home_.now()) continue;
        const auto made = spawn(one, one.now, {});
        if (made) continue;
        one.due = home_.now() + pause_most;
        note("worker " + std::to_string(one.index) +
             " cannot be made: " + std::string(describe(made.error().what)));
    }
    arm_respawn();
}

// --- HUP -----------------------------------------------------------------------------------------

bool supervisor::is_leaving() const noexcept {
    return std::ranges::any_of(lives_,
                               [](const auto& one) { return one->is(life::state::leaving); });
}

void supervisor::on_restart() {
    if (ending_ || !announced_) return;
    if (is_per_connection()) return note("HUP: each connection has a new process as it is");
    if (renewing_ || is_leaving()) {
        renew_again_ = true;
        return note("HUP: the workers are being replaced; once more when that is over");
    }
    note("HUP: the workers are replaced one by one");
    renew_from(0);
}

/// Starts the successor of the first worker from there on; the next one's turn is when that is
/// ready.
void supervisor::renew_from(unsigned index) {
    renewing_ = false;
    for (; index < slots_.size(); ++index) {
        slot& where = slots_[index];
        if (where.now == nullptr || !where.now->is(life::state::serving)) continue;
        if (auto made = spawn(where, where.next, {}); !made) {
            return note("worker " + std::to_string(index) +
                        " cannot be replaced: " + std::string(describe(made.error().what)));
        }
        renewing_ = true;
        return;
    }
}

void supervisor::on_turn() noexcept {
    for (life* const gone : std::exchange(ended_, {})) {
        const auto its = std::ranges::find(lives_, gone, &std::unique_ptr<life>::get);
        free_rows_.push_back(&gone->row());
        lives_.erase(its);
    }
    if (ending_ && lives_.empty()) return home_.stop();
    if (renew_again_ && !renewing_ && !is_leaving()) {
        renew_again_ = false;
        on_restart();
    }
}

}  // namespace nightjar::io::models
