#include "scenario/link.hpp"

#include <algorithm>
#include <utility>

namespace nightjar::sim {

void link::say(const mqtt::packet& what) {
    if (stream_ == nullptr || ending_) return;
    std::array<byte, 8192> room;
    fixed_output out{room};
    expects(mqtt::encode(what, version_, out), "a client's packet has room");
    const bytes_view made = out.written();
    out_.emplace_back(made.begin(), made.end());
    flush();
}

void link::abandon() noexcept {
    owner_ = nullptr;
    hold(false);
}

void link::hold(bool is_held) noexcept {
    if (stream_ == nullptr) return;
    if (is_held)
        stream_->pause();
    else
        stream_->resume();
}

void link::end_politely() {
    ending_ = true;
    flush();
}

void link::end_rudely() {
    owner_ = nullptr;
    if (stream_ != nullptr) stream_->abort();
}

void link::on_data(bytes lent) noexcept {
    if (owner_ == nullptr) return;
    in_.insert(in_.end(), lent.begin(), lent.end());
    std::size_t at = 0;
    while (owner_ != nullptr) {
        const auto step = mqtt::decode(bytes_view(in_).subspan(at), version_, {});
        if (const auto* wrong = std::get_if<mqtt::reason>(&step)) {
            std::exchange(owner_, nullptr)->on_nonsense(*wrong);
            break;
        }
        const auto* whole = std::get_if<mqtt::framed>(&step);
        if (whole == nullptr) break;
        at += whole->size;
        owner_->on_packet(whole->what);
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
}

void link::on_written(std::size_t n) noexcept {
    writing_ = false;
    drop(n);
    flush();
}

void link::on_closed(error why) noexcept {
    stream_ = nullptr;
    if (owner_ != nullptr) std::exchange(owner_, nullptr)->on_lost(why);
}

void link::flush() {
    while (!writing_ && !out_.empty() && stream_ != nullptr) {
        std::array<bytes_view, 64> pieces;
        std::size_t count = 0, total = 0;
        for (const auto& one : out_) {
            if (count == pieces.size()) break;
            pieces[count] = bytes_view(one).subspan(count == 0 ? offset_ : 0);
            total += pieces[count++].size();
        }
        const std::size_t n = stream_->write(std::span(pieces).first(count));
        writing_ = n < total;
        drop(n);
    }
    if (ending_ && out_.empty() && stream_ != nullptr) stream_->close();
}

void link::drop(std::size_t n) {
    while (n > 0) {
        const std::size_t left = out_.front().size() - offset_;
        const std::size_t cut = std::min(n, left);
        n -= cut;
        offset_ += cut;
        if (offset_ < out_.front().size()) continue;
        out_.pop_front();
        offset_ = 0;
    }
}

}  // namespace nightjar::sim
