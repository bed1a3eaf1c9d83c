#pragma once
// How a frame becomes a packet and then an event; for the sources of client_session only.

#include <nightjar/mqtt/client_session.hpp>

#include <nightjar/mqtt/encode.hpp>

namespace nightjar::mqtt {

template <class Packet>
bool client_session::read_on(const frame& f, event& e) noexcept {
    Packet p;
    if (const refusal why = read(f, version_, policy_->in, p)) return end(*why, e);
    return on(p, e);
}

template <class Packet>
bool client_session::answer(const Packet& p, event& e) noexcept {
    has_sent_ = true;
    return encode(p, version_, *out_) ? false : end(reason::quota_exceeded, e);
}

}  // namespace nightjar::mqtt
