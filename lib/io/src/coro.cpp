#include <nightjar/io/coro.hpp>

#include <algorithm>

namespace nightjar::io::detail {

std::optional<bytes> seat::take_news() noexcept {
    lent_.clear();
    lent_.swap(fresh_);
    hold_input(false);
    if (lent_.empty()) return std::nullopt;
    return bytes(lent_);
}

void seat::wait_for_news(std::coroutine_handle<> who) noexcept {
    // An idle connection holds no buffer.
    std::vector<byte>().swap(lent_);
    reader_ = who;
}

bool seat::try_write(bytes_view& rest) noexcept {
    while (!rest.empty() && !is_gone()) {
        const std::size_t part = std::min(rest.size(), room());
        if (part == 0 || !line::write(rest.first(part))) return false;
        rest = rest.subspan(part);
    }
    return true;
}

void seat::wait_for_room(bytes_view rest, std::coroutine_handle<> who) noexcept {
    rest_ = rest;
    writer_ = who;
}

void seat::let_go() noexcept {
    is_let_go_ = true;
    close();
    if (is_gone_ && !is_busy_) delete this;
}

/// Kept until the coroutine asks: it may be waiting for something else, and lent bytes last no
/// longer than this call.
void seat::on_bytes(bytes lent) noexcept {
    if (is_let_go_) return;
    fresh_.insert(fresh_.end(), lent.begin(), lent.end());
    hold_input(true);
    wake(reader_);
}

void seat::on_room() noexcept {
    if (writer_ && try_write(rest_)) wake(writer_);
}

void seat::on_gone(error) noexcept {
    is_gone_ = true;
    is_busy_ = true;
    wake(reader_);
    wake(writer_);
    is_busy_ = false;
    if (is_let_go_) delete this;
}

void seat::wake(std::coroutine_handle<>& who) noexcept {
    if (who) std::exchange(who, {}).resume();
}

}  // namespace nightjar::io::detail
