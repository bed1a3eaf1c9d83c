#include "wire.hpp"

#include "network.hpp"
#include "socket.hpp"

#include <algorithm>

namespace nightjar::sim {
namespace {

constexpr std::size_t buffer_max = 64 * 1024;
constexpr std::size_t packet_max = 16 * 1024;

std::size_t draw_window(network& in) {
    if (!in.chance().chance(in.how().small_window)) return buffer_max;
    return 16 + in.chance().uniform(in.chance().chance(0.5) ? 64 : 4096);
}

}  // namespace

wire::wire(network& in, std::uint64_t name, const terminal& from, const terminal& to)
    : in_(in), name_(name) {
    ends_[0].own = from;
    ends_[1].own = to;
    for (const unsigned side : {0U, 1U}) {
        out(side).window = std::min(draw_window(in), in.reader_at(host(1 - side)).window);
        out(side).send_max = draw_window(in);
    }
}

std::size_t wire::room(unsigned side) const noexcept {
    const way& w = out(side);
    return w.is_dead || w.sending.size() >= w.send_max ? 0 : w.send_max - w.sending.size();
}

std::size_t wire::take(unsigned side, std::span<const bytes_view> pieces, std::size_t most) {
    std::size_t left = std::min(most, room(side));
    std::size_t taken = 0;
    std::uint64_t hash = hash_of({});
    for (const bytes_view piece : pieces) {
        const bytes_view part = piece.first(std::min(left, piece.size()));
        hash = hash_of(part, hash);
        out(side).sending.push(part);
        taken += part.size();
        left -= part.size();
    }
    if (taken > 0) in_.say("wire {} side {} sends {} #{:016x}", name_, side, taken, hash);
    pump(side);
    return taken;
}

void wire::end_output(unsigned side) {
    out(side).end_wanted = true;
    pump(side);
}

std::vector<byte> wire::read(unsigned side, std::size_t n) {
    way& w = in(side);
    std::vector<byte> taken = w.received.pop(n);
    in_.say("wire {} side {} reads {} #{:016x}", name_, side, n, hash_of(taken));
    const bool is_waited_for = !w.sending.empty() && !w.is_opening && !w.is_void;
    if (is_waited_for) {
        w.is_opening = true;
        in_.later(in_.arrival(host(side), host(1 - side)), name_, [side](wire& self) {
            self.in(side).is_opening = false;
            self.pump(1 - side);
        });
    }
    return taken;
}

void wire::leave(unsigned side, bool abruptly) {
    terminus& end = ends_[side];
    if (end.is_gone) return;
    const bool has_unread = waiting(side) > 0;  // a kernel then sends a reset instead of an end
    in_.say("wire {} side {} leaves{}", name_, side, abruptly || has_unread ? " with a reset" : "");
    end.is_gone = true;
    end.at = nullptr;
    in(side).received.clear();
    if (ends_[1 - side].is_gone) return in_.forget(*this);
    if (abruptly || has_unread) return send_reset(side);
    end_output(side);
}

void wire::reset() {
    in_.say("wire {} is reset", name_);
    for (const unsigned side : {0U, 1U}) {
        way& w = out(side);
        w.sending.clear();
        w.is_dead = w.is_void = true;
        w.flying.clear();
        const unsigned far = 1 - side;
        in_.later(in_.arrival(host(side), host(far)), name_,
                  [far](wire& self) { self.fail(far, error::reset); });
    }
}

void wire::vanish(unsigned side) {
    in_.say("wire {} side {} vanishes", name_, side);
    for (way& w : ways_) {
        w.is_void = true;
        w.flying.clear();
    }
    in_.later(in_.now() + in_.how().latency, name_,
              [side](wire& self) { self.fail(side, error::timed_out); });
    doom(1 - side);
}

void wire::open_window() {
    for (const unsigned side : {0U, 1U}) {
        out(side).window = in_.reader_at(host(1 - side)).window;
        out(side).send_max = buffer_max;
        pump(side);
    }
}

/// Sends what the window allows, and the end after it.
void wire::pump(unsigned side) {
    way& w = out(side);
    if (w.is_dead) return;
    if (w.is_void) return doom(side);
    const bool was_waiting = !w.sending.empty();
    for (;;) {
        const std::size_t used = w.flying_bytes + w.received.size();
        const std::size_t open = used < w.window ? w.window - used : 0;
        std::size_t n = std::min({open, w.sending.size(), packet_max});
        if (n == 0) break;
        if (in_.chance().chance(in_.how().cut_read)) n = 1 + in_.chance().uniform(n);
        launch(side, {packet::data, w.sending.pop(n)});
    }
    if (w.end_wanted && !w.end_sent && w.sending.empty()) {
        w.end_sent = true;
        launch(side, {packet::end, {}});
    }
    if (was_waiting && room(side) > 0) nudge(side);
}

void wire::launch(unsigned side, packet what) {
    way& w = out(side);
    w.flying_bytes += what.content.size();
    w.flying.push_back(std::move(what));
    w.last_arrival = std::max(w.last_arrival, in_.arrival(host(side), host(1 - side)));
    in_.later(w.last_arrival, name_, [side](wire& self) { self.arrive(side); });
}

/// What `side` sent first reaches the other one.
void wire::arrive(unsigned side) {
    way& w = out(side);
    if (w.flying.empty()) return;  // lost on the way
    packet what = std::move(w.flying.front());
    w.flying.pop_front();
    const unsigned far = 1 - side;
    switch (what.what) {
        case packet::data: return arrive_data(side, std::move(what));
        case packet::end: w.has_ended = true; return nudge(far);
        case packet::reset: return fail(far, error::reset);
    }
}

void wire::arrive_data(unsigned side, packet what) {
    way& w = out(side);
    const unsigned far = 1 - side;
    w.flying_bytes -= what.content.size();
    if (ends_[far].is_gone) return send_reset(far);
    w.received.push(what.content);
    nudge(far);
}

/// Behind what is in flight; what did not leave yet never will.
void wire::send_reset(unsigned side) {
    way& w = out(side);
    if (w.is_dead) return;
    w.sending.clear();
    w.is_dead = true;
    if (w.is_void) return doom(1 - side);
    launch(side, {packet::reset, {}});
}

/// `side` sends into the void: it gives up after a while, if it has anything to send. A host that
/// came back meanwhile says sooner that it knows of no such connection.
void wire::doom(unsigned side) {
    way& w = out(side);
    const bool has_cause = !w.sending.empty() || w.end_wanted;
    if (w.is_doomed || !has_cause) return;
    w.is_doomed = true;
    const bool is_told = in_.chance().chance(0.5);
    const duration patience = 1s * (1 + in_.chance().uniform(is_told ? 10 : 120));
    in_.later(in_.now() + patience, name_, [side, is_told](wire& self) {
        self.fail(side, is_told ? error::reset : error::timed_out);
    });
}

void wire::fail(unsigned side, error why) {
    terminus& end = ends_[side];
    if (end.fault != error::none) return;
    in_.say("wire {} side {} hears: {}", name_, side, describe(why.what));
    end.fault = why;
    out(side).is_dead = true;
    out(side).sending.clear();
    nudge(side);
}

void wire::nudge(unsigned side) {
    if (socket* at = ends_[side].at) at->mark();
}

}  // namespace nightjar::sim
