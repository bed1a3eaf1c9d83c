#pragma once
// How a frame becomes a packet and then an event; for the sources of server_session only.

#include <nightjar/mqtt/server_session.hpp>

#include <nightjar/mqtt/encode.hpp>

namespace nightjar::mqtt {

/// For packets that the session itself deals with.
template <class Packet>
bool server_session::read_on(const frame& f, event& e) noexcept {
    Packet p;
    if (const refusal why = read(f, version_, policy_->in, p)) return end(*why, e);
    return on(p, e);
}

/// For packets that are events as they are.
template <class Packet>
bool server_session::report(const frame& f, event& e) noexcept {
    if (const refusal why = read(f, version_, policy_->in, e.emplace<Packet>()))
        return end(*why, e);
    return true;
}

template <class Packet>
bool server_session::answer(const Packet& p, event& e) noexcept {
    return encode(p, version_, *out_) ? false : end(reason::quota_exceeded, e);
}

}  // namespace nightjar::mqtt
