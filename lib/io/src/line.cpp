#include <nightjar/io/line.hpp>

#include <array>

namespace nightjar::io {
namespace {

/// What waits in bulk leaves while it is still in the processor's cache, and its memory serves the
/// next line of the same turn.
constexpr std::size_t bulk = 32 * 1024;

}  // namespace

void line::open(stream& fresh) noexcept {
    stream_ = &fresh;
    fresh.attach(*this);
}

bool line::write(bytes_view what) noexcept {
    if (!is_open() || what.size() > room()) return false;
    if (!out_.put(what)) return false;
    if (!writing_) on_.mark_dirty(*this);
    if (out_.bytes() >= bulk) hand_over();
    steer();
    return true;
}

std::size_t line::room() const noexcept { return out_.max() - out_.bytes(); }

void line::close() noexcept {
    if (!is_open()) return;
    closing_ = true;
    if (!writing_) on_.mark_dirty(*this);
}

void line::drop() noexcept {
    closing_ = true;
    if (stream_ != nullptr) stream_->close();
}

void line::hold_input(bool held) noexcept {
    held_ = held;
    steer();
}

void line::on_written(std::size_t n) noexcept {
    writing_ = false;
    out_.sent(n);
    send();
}

void line::on_closed(error why) noexcept {
    stream_ = nullptr;
    list_hook<flusher>::unlink();
    on_gone(why);
}

void line::flush() noexcept {
    if (stream_ != nullptr && !writing_) send();
}

void line::hand_over() noexcept {
    while (!writing_ && !out_.empty()) {
        std::array<bytes_view, 64> pieces;
        const std::size_t count = out_.gather(pieces);
        std::size_t total = 0;
        for (std::size_t i = 0; i < count; ++i) total += pieces[i].size();
        const std::size_t n = stream_->write(std::span(pieces).first(count));
        writing_ = n < total;
        out_.sent(n);
    }
}

void line::send() noexcept {
    hand_over();
    steer();
    if (writing_) return;
    if (closing_) return stream_->close();
    on_room();
}

void line::steer() noexcept {
    if (stream_ == nullptr) return;
    full_ = full_ ? !out_.empty() : out_.bytes() >= out_.max() / 2;
    const bool wants_pause = held_ || full_;
    if (wants_pause == paused_) return;
    paused_ = wants_pause;
    paused_ ? stream_->pause() : stream_->resume();
}

}  // namespace nightjar::io
