#include "share.hpp"

#include <algorithm>

namespace nightjar::broker {

membership::membership(share& of_, const subscriber& how_) noexcept : of(&of_), how(how_) {
    how.share = of->id();
    change(how_);
}

void membership::change(const subscriber& to) noexcept {
    how.maximum = to.maximum;
    how.retain_as_published = to.retain_as_published;
    how.identifiers.clear();
    if (to.identifier != 0) how.identifiers.push_back(to.identifier);
}

std::string share::text() const { return "$share/" + group_ + '/' + filter_; }

std::uint32_t share::count(const stake& of, member_state tier) noexcept {
    switch (tier) {
        case member_state::ready: return of.ready;
        case member_state::choked: return of.present - of.ready;
        case member_state::away: return of.all - of.present;
    }
    return 0;
}

std::uint32_t share::begin_of(member_state tier) const noexcept {
    switch (tier) {
        case member_state::ready: return 0;
        case member_state::choked: return own_.ready;
        case member_state::away: return own_.present;
    }
    return 0;
}

member_state share::state_of(const membership& one) const noexcept {
    if (one.position < own_.ready) return member_state::ready;
    return one.position < own_.present ? member_state::choked : member_state::away;
}

void share::swap(std::uint32_t a, std::uint32_t b) noexcept {
    std::swap(members_[a], members_[b]);
    members_[a]->position = a;
    members_[b]->position = b;
}

void share::add(membership& one, member_state as) {
    one.position = own_.all++;
    members_.push_back(&one);
    move(one, as);
}

void share::remove(const membership& one) {
    move(one, member_state::away);
    swap(one.position, own_.all - 1);
    members_.pop_back();
    --own_.all;
}

/// Over one border at a time: a swap with the member at the border, then the border moves.
void share::move(const membership& one, member_state to) {
    while (state_of(one) > to) {
        std::uint32_t& border = state_of(one) == member_state::away ? own_.present : own_.ready;
        swap(one.position, border);
        ++border;
    }
    while (state_of(one) < to) {
        std::uint32_t& border = state_of(one) == member_state::ready ? own_.ready : own_.present;
        --border;
        swap(one.position, border);
    }
}

void share::set_stake(unsigned worker, const stake& said) {
    const auto at = std::find_if(stakes_.begin(), stakes_.end(),
                                 [&](const foreign& f) { return f.worker == worker; });
    if (said.all == 0) {
        if (at != stakes_.end()) stakes_.erase(at);
    } else if (at != stakes_.end()) {
        at->has = said;
    } else {
        stakes_.push_back({worker, said});
    }
}

stake share::stake_of(unsigned worker) const noexcept {
    for (const foreign& one : stakes_)
        if (one.worker == worker) return one.has;
    return {};
}

stake share::others() const noexcept {
    stake all;
    for (const foreign& one : stakes_) {
        all.ready += one.has.ready;
        all.present += one.has.present;
        all.all += one.has.all;
    }
    return all;
}

share::turn share::pick() noexcept {
    const stake elsewhere = others();
    for (const member_state tier : tiers) {
        const std::uint32_t own = count(own_, tier), all = own + count(elsewhere, tier);
        if (all == 0) continue;
        std::uint32_t slot = turn_++ % all;
        if (slot < own) return {members_[begin_of(tier) + members_turn_++ % own], 0, false};
        slot -= own;
        for (const foreign& one : stakes_) {
            if (slot < count(one.has, tier)) return {nullptr, one.worker, false};
            slot -= count(one.has, tier);
        }
    }
    return {};
}

share::turn share::pick_own() noexcept {
    for (const member_state tier : tiers)
        if (const std::uint32_t own = count(own_, tier); own != 0)
            return {members_[begin_of(tier) + members_turn_++ % own], 0, false};
    return {};
}

bool share::is_better_elsewhere() const noexcept {
    const stake elsewhere = others();
    for (const member_state tier : tiers) {
        if (count(own_, tier) != 0) return false;
        if (count(elsewhere, tier) != 0) return true;
    }
    return false;
}

}  // namespace nightjar::broker
