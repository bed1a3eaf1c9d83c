#include "socket.hpp"

#include <nightjar/base/expects.hpp>

#include <algorithm>
#include <utility>

namespace nightjar::sim {
namespace {

constexpr std::size_t pieces_max = 64;

std::size_t total_of(std::span<const bytes_view> pieces) noexcept {
    std::size_t total = 0;
    for (const bytes_view piece : pieces) total += piece.size();
    return total;
}

void close_loose_end(std::intptr_t value) noexcept {
    const std::unique_ptr<loose_end> end(reinterpret_cast<loose_end*>(value));
    if (wire* its = end->in->find(end->wire_name)) its->leave(end->side, false);
}

}  // namespace

socket::socket(engine& home, wire& on, unsigned side)
    : source(home), wire_(&on), side_(side), local_(on.address(side)), peer_(on.address(1 - side)) {
    on.seat(side, this);
}

socket::~socket() {
    if (wire_ != nullptr) wire_->leave(side_, true);  // with its engine
}

void socket::attach(io::receiver& who) noexcept {
    expects(state_ != state::gone, "a stream that is gone is not attached to");
    receiver_ = &who;
    if (state_ == state::fresh) state_ = state::open;
    mark();
}

std::size_t socket::write(std::span<const bytes_view> pieces) noexcept {
    expects(state_ != state::gone, "a stream that is gone is not written to");
    if (state_ == state::closing || wire_->fault(side_) != error::none) return 0;
    expects(!writing_, "one write is in flight at most");
    expects(!output_ended_, "no write after shutdown()");
    const std::size_t total = total_of(pieces);
    if (total == 0) return 0;
    pieces = pieces.first(std::min(pieces.size(), pieces_max));
    // Some engines write at once, some at the end of the turn; some go on by themselves, some ask.
    prng& chance = home().in().chance();
    const bool is_at_once = chance.chance(0.5);
    const bool goes_on = !is_at_once || chance.chance(0.5);
    std::size_t taken = is_at_once ? take(pieces) : 0;
    if (taken == total) return taken;
    writing_ = true;
    borrowed_.clear();
    for (std::size_t skip = taken; const bytes_view piece : pieces) {
        const std::size_t cut = std::min(skip, piece.size());
        skip -= cut;
        if (goes_on && cut < piece.size()) borrowed_.push_back(piece.subspan(cut));
    }
    if (wire_->room(side_) > 0) mark();
    return taken;
}

std::size_t socket::take(std::span<const bytes_view> pieces) {
    std::size_t most = wire_->room(side_);
    prng& chance = home().in().chance();
    if (most > 0 && chance.chance(home().in().how().short_write))
        most = 1 + chance.uniform(std::min(most, std::max<std::size_t>(total_of(pieces), 1)));
    return wire_->take(side_, pieces, most);
}

void socket::shutdown() noexcept {
    if (!is_open()) return;
    shutdown_asked_ = true;
    if (!writing_) end_output();
}

void socket::end_output() {
    if (!std::exchange(output_ended_, true)) wire_->end_output(side_);
}

void socket::resume() noexcept {
    if (!std::exchange(paused_, false) || !is_open()) return;
    const bool has_news = wire_->waiting(side_) > 0 || wire_->has_ended(side_);
    if (has_news) mark();
}

void socket::leave(bool abruptly) {
    if (state_ == state::closing || state_ == state::gone) return;
    state_ = state::closing;
    writing_ = false;
    std::exchange(wire_, nullptr)->leave(side_, abruptly);
    mark();
}

io::handle socket::release() noexcept {
    if (state_ != state::open && state_ != state::fresh) return {};
    expects(!writing_, "no write in flight when a stream is released");
    // What has come already may travel with the connection or be read here; a paused one keeps it.
    if (is_open() && !paused_ && home().in().chance().chance(0.5)) receive_all();
    if (state_ != state::open && state_ != state::fresh) return {};
    home().in().say("wire {} side {} is released", wire_->name(), side_);
    wire_->seat(side_, nullptr);
    auto* end = new loose_end{&home().in(), wire_->name(), side_};
    wire_ = nullptr;
    state_ = state::gone;
    retire();
    return {reinterpret_cast<std::intptr_t>(end), close_loose_end};
}

void socket::deliver() {
    if (state_ == state::closing) return finish(error::none);
    if (writing_ && is_open()) settle_write();
    if (is_open() && !paused_ && wire_->waiting(side_) > 0) receive();
    if (!is_open()) return;
    const bool has_read_all = wire_->waiting(side_) == 0;
    if (!has_read_all && !paused_) return mark();
    if (!paused_ && has_read_all && wire_->has_ended(side_) && !end_told_) tell_end();
    if (is_open() && wire_->fault(side_) != error::none && (paused_ || wire_->waiting(side_) == 0))
        finish(wire_->fault(side_));
}

void socket::settle_write() {
    if (wire_->room(side_) == 0) return;
    const std::size_t n = borrowed_.empty() ? 0 : take(borrowed_);
    writing_ = false;
    borrowed_.clear();
    receiver_->on_written(n);
    if (is_open() && shutdown_asked_ && !writing_) end_output();
}

void socket::receive() {
    const std::size_t most = home().in().reader_at(home().host()).read_max;
    std::size_t n = std::min(wire_->waiting(side_), most);
    prng& chance = home().in().chance();
    if (chance.chance(home().in().how().cut_read)) n = 1 + chance.uniform(n);
    // Room of exactly this size, freed at once: who looks beyond it or keeps it is caught.
    std::vector<byte> lent = wire_->read(side_, n);
    receiver_->on_data(lent);
    std::ranges::fill(lent, byte{0xdd});
}

void socket::receive_all() {
    while (is_open() && !paused_ && wire_->waiting(side_) > 0) receive();
}

void socket::tell_end() {
    end_told_ = true;
    if (!receiver_->on_end() && is_open()) finish(error::end_of_stream);
}

void socket::finish(error why) {
    home().in().say("socket of {} is closed: {}", local_.text(), describe(why.what));
    if (wire_ != nullptr) std::exchange(wire_, nullptr)->leave(side_, false);
    state_ = state::gone;
    retire();
    if (receiver_ != nullptr) receiver_->on_closed(why);
}

}  // namespace nightjar::sim
