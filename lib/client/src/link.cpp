#include "link.hpp"

#include <algorithm>
#include <array>

#include "core.hpp"

namespace nightjar::client {

link::link(core& whose, io::loop& on, const mqtt::client_policy& policy,
           mqtt::flows& windows) noexcept
    : core_(&whose), loop_(on), machine_(policy, out_, windows) {}

void link::open(io::stream& on) noexcept {
    stream_ = &on;
    on.attach(*this);
    note();
}

void link::note() noexcept {
    if (stream_ == nullptr) return;
    if (!out_.empty()) loop_.mark_dirty(*this);
    if (finishing_) return;
    const instant at = machine_.deadline();
    if (at == never)
        deadline_.cancel();
    else if (!deadline_.is_armed() || deadline_.at() != at)
        deadline_.start_at(loop_, at);
}

void link::finish() noexcept {
    if (finishing_ || stream_ == nullptr) return;
    finishing_ = true;
    deadline_.start(loop_, linger);
    loop_.mark_dirty(*this);
}

void link::abandon(std::unique_ptr<link> which) noexcept {
    which->core_ = nullptr;
    which->deadline_.cancel();
    which->unlink();
    if (which->stream_ == nullptr) return;
    // Released, the descriptor is closed here and nobody calls back; with a write in flight, or
    // where the engine cannot release, the link must outlive this call.
    if (!which->writing_ && which->stream_->release()) return;
    which->stream_->abort();
    (void)which.release();
}

// --- world to machine

void link::on_data(bytes lent) noexcept {
    if (core_ == nullptr || finishing_) return;
    const core::visit stay(*core_);
    held_.feed(lent, [this](bytes_view& in) { return eat(in); });
    core_->on_read();
    note();
}

std::size_t link::eat(bytes_view& in) {
    while (true) {
        const bytes_view before = in;
        auto what = machine_.next(in, loop_.now());
        core_->tell_received(before.first(before.size() - in.size()));
        if (const auto* wait = std::get_if<mqtt::client_session::idle>(&what)) return wait->missing;
        if (!core_->handle(what)) return 0;
    }
}

void link::on_deadline() noexcept {
    const core::visit stay(*core_);
    if (finishing_) return stream_->abort();  // it neither reads nor closes
    auto what = machine_.tick(loop_.now());
    if (!std::holds_alternative<mqtt::client_session::idle>(what)) core_->handle(what);
    note();
}

void link::on_closed(error why) noexcept {
    stream_ = nullptr;
    deadline_.cancel();
    unlink();
    out_.clear();
    if (core_ == nullptr) {
        delete this;
        return;
    }
    const core::visit stay(*core_);
    core_->on_link_closed(why);  // destroys this
}

// --- machine to world

void link::flush() noexcept {
    if (writing_ || stream_ == nullptr) return;
    const core::visit stay(*core_);
    if (!send()) return;
    if (finishing_) return shut();
    core_->on_written();
    note();
}

/// False: a write is in flight.
bool link::send() noexcept {
    while (!out_.empty()) {
        std::array<bytes_view, 64> pieces;
        const std::size_t count = out_.gather(pieces);
        std::size_t all = 0;
        for (std::size_t i = 0; i != count; ++i) all += pieces[i].size();
        const std::size_t taken = stream_->write({pieces.data(), count});
        drop(taken);
        if (taken < all) {
            writing_ = true;
            return false;
        }
    }
    return true;
}

/// `n` bytes have left.
void link::drop(std::size_t n) noexcept {
    std::array<bytes_view, 64> pieces;
    const std::size_t count = core_->is_traced() ? out_.gather(pieces) : 0;
    std::size_t left = n;
    for (std::size_t i = 0; i != count && left != 0; ++i) {
        const std::size_t part = std::min(left, pieces[i].size());
        core_->tell_sent(pieces[i].first(part));
        left -= part;
    }
    out_.sent(n);
}

void link::shut() noexcept {
    if (shut_) return;
    shut_ = true;
    stream_->shutdown();
}

void link::on_written(std::size_t n) noexcept {
    writing_ = false;
    if (core_ == nullptr) return out_.sent(n);
    const core::visit stay(*core_);
    drop(n);
    loop_.mark_dirty(*this);
}

}  // namespace nightjar::client
