#include "connection.hpp"

#include <fmt/format.h>

#include <cstring>

namespace nightjar::app::lab {
namespace {

constexpr std::uint64_t stride = 7919;  // neighbours begin elsewhere, so a mix-up is noticed

std::string words_of(error why) {
    return std::string(why.os == 0 ? describe(why.what) : std::strerror(why.os));
}

duration to_duration(unsigned milliseconds) { return std::chrono::milliseconds(milliseconds); }

}  // namespace

connection::connection(crowd& all, unsigned index)
    : all_(all), start_(index * stride), sent_at_(all.what.inflight) {}

void connection::open() {
    auto made = all_.loop.engine().connect({.to = all_.to}, *this);
    if (!made) return on_connect_failed(made.error());
    attempt_ = std::move(*made);
}

/// Those who think begin one after the other, not all at once.
void connection::begin() {
    const instant now = all_.loop.engine().now();
    if (all_.what.think_ms == 0) return send(all_.what.inflight, now);
    thinking_ = all_.what.inflight;
    const auto part = start_ / stride % all_.what.connections;
    all_.loop.timers().arm(pause_, now + to_duration(all_.what.think_ms) * static_cast<int>(part) /
                                             static_cast<int>(all_.what.connections));
}

void connection::close() noexcept {
    attempt_.reset();
    pause_.cancel();
    if (stream_ != nullptr) stream_->close();
}

void connection::on_connected(io::stream& fresh) noexcept {
    stream_ = &fresh;
    stream_->attach(*this);
    ++all_.connected;
}

void connection::on_connect_failed(error why) noexcept {
    all_.fail(fmt::format("refused a connection: {}", words_of(why)));
}

void connection::on_closed(error why) noexcept {
    stream_ = nullptr;
    ++all_.closed;
    if (!all_.is_over) all_.fail(fmt::format("ended a connection: {}", words_of(why)));
}

void connection::on_data(bytes lent) noexcept {
    if (received_ + lent.size() > asked_) return all_.fail("sent more than it was sent");
    if (!equal(lent, all_.content.at(start_ + received_, lent.size())))
        return all_.fail("did not send what it was sent");
    received_ += lent.size();
    const instant now = all_.loop.engine().now();
    if (const unsigned count = take_messages(now); count != 0) answer(count, now);
}

/// How many messages have come back whole.
unsigned connection::take_messages(instant now) noexcept {
    unsigned count = 0;
    for (; (done_ + 1) * all_.what.size <= received_; ++done_, ++count) {
        const instant begun = sent_at_[done_ % all_.what.inflight];
        if (begun >= all_.from && begun < all_.until) all_.latency.record(now - begun);
    }
    all_.count += count;
    all_.under_way -= count;
    return count;
}

void connection::answer(unsigned count, instant now) noexcept {
    if (!all_.is_sending) return;
    if (all_.what.think_ms == 0) return send(count, now);
    thinking_ += count;
    if (!pause_.is_armed()) all_.loop.timers().arm(pause_, now + to_duration(all_.what.think_ms));
}

void connection::pause::on_due(timer& self, instant) noexcept {
    connection& mine = static_cast<pause&>(self).owner;
    const unsigned count = std::exchange(mine.thinking_, 0U);
    if (mine.all_.is_sending) mine.send(count, mine.all_.loop.engine().now());
}

void connection::send(unsigned count, instant now) noexcept {
    for (unsigned i = 0; i < count; ++i) sent_at_[begun_++ % all_.what.inflight] = now;
    asked_ += std::uint64_t{count} * all_.what.size;
    all_.under_way += count;
    push();
}

/// What one write takes: all that is due, or what is left of one message.
std::size_t connection::piece() const noexcept {
    const std::uint64_t due = asked_ - sent_;
    if (!all_.what.separate) return static_cast<std::size_t>(due);
    return static_cast<std::size_t>(all_.what.size - sent_ % all_.what.size);
}

void connection::push() noexcept {
    while (stream_ != nullptr && !is_writing_ && sent_ < asked_) {
        const bytes_view one = all_.content.at(start_ + sent_, piece());
        const std::size_t taken = stream_->write({&one, 1});
        sent_ += taken;
        is_writing_ = taken < one.size();
    }
}

void connection::on_written(std::size_t n) noexcept {
    sent_ += n;
    is_writing_ = false;
    push();
}

}  // namespace nightjar::app::lab
