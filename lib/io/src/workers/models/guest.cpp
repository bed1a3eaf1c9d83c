#include <nightjar/io/model_guest.hpp>

#include "workers/models/floor.hpp"

namespace nightjar::io::models {

guest::guest(floor& where) noexcept
    : line(where.home(), where.chunks(), where.how().out_max),
      where_(where),
      counts_(where.counts()) {}

void guest::start(stream& fresh) noexcept {
    if (where_.tasks() != nullptr)
        ends_ = std::make_unique<ends>(ends{fresh.peer(), fresh.local()});
    open(fresh);
    steer_input();
}

bool guest::write(bytes_view what) noexcept {
    if (!line::write(what)) return false;
    counter_row::add(counts_.bytes_out, what.size());
    return true;
}

void guest::steer_input() noexcept { hold_input(busy_ || !where_.reads()); }

void guest::on_bytes(bytes lent) noexcept {
    heard_ = true;
    if (where_.tasks() != nullptr) return where_.compute(*this, lent);
    counter_row::add(counts_.messages, 1);
    counter_row::add(counts_.bytes_in, lent.size());
    answer(*this, lent);
}

void guest::deliver(job& done) noexcept {
    busy_ = false;
    if (gone_) return where_.left(*this);
    if (!done.answer.said().empty()) line::write(done.answer.said());
    if (done.answer.is_dropped()) return drop();
    if (!done.answer.is_open() || ended_) return close();
    steer_input();
}

/// What it was asked before the end is still answered.
bool guest::on_end() noexcept {
    ended_ = true;
    if (is_settled()) return false;
    if (!busy_) close();
    return true;
}

void guest::on_gone(error) noexcept {
    gone_ = true;
    if (!busy_) where_.left(*this);
}

void guest::sweep() noexcept {
    const bool is_silent = !std::exchange(heard_, false) && is_settled() && is_idle();
    silent_sweeps_ = is_silent ? static_cast<std::uint8_t>(silent_sweeps_ + 1) : std::uint8_t{0};
    if (silent_sweeps_ >= 2) close();
}

}  // namespace nightjar::io::models
