#include "share_desk.hpp"

#include <algorithm>
#include <utility>

namespace nightjar::broker {
namespace {

member_state state_of(const session& who) noexcept {
    if (!who.link()) return member_state::away;
    return who.has_room() ? member_state::ready : member_state::choked;
}

/// What the others make of an announcement: there will be a connected member.
stake expecting(const stake& known) noexcept {
    const auto more = [](std::uint32_t n) { return std::max<std::uint32_t>(n, 1); };
    return {more(known.ready), more(known.present), more(known.all)};
}

}  // namespace

struct share_desk::again : timer {
    explicit again(share_desk& of_) noexcept
        : timer([](timer& self, instant) noexcept { static_cast<again&>(self).of.look_again(); }),
          of(of_) {}
    share_desk& of;
};

share_desk::share_desk(context& at, mailbox& mail)
    : at_(at), mail_(mail), again_(std::make_unique<again>(*this)) {}

share_desk::~share_desk() = default;

// --- for SUBSCRIBE and UNSUBSCRIBE ---------------------------------------------------------------

bool share_desk::announce(const mqtt::shared_filter& what) {
    share* at = at_.subscriptions.place_share(what);
    if (!at || (at->is_announced && at->told.ready != 0)) return false;
    at->is_announced = true;
    at->told = expecting(at->told);
    return true;
}

void share_desk::await(const mqtt::shared_filter& what, bool begins) {
    share* at = at_.subscriptions.find_share(what);
    if (!at) return;
    at->awaited += begins ? 1U : -1U;
    note(*at);
}

bool share_desk::add(const mqtt::shared_filter& what, const subscriber& how) {
    share* at = at_.subscriptions.place_share(what);
    if (!at) return false;
    auto& own = how.who->memberships();
    const auto known =
        std::find_if(own.begin(), own.end(), [&](const auto& one) { return one->of == at; });
    if (known != own.end()) {
        (*known)->change(how);
        return true;
    }
    own.push_back(std::make_unique<membership>(*at, how));
    at->add(*own.back(), state_of(*how.who));
    at_.count.shared_subscriptions.add();
    note(*at);
    return true;
}

bool share_desk::has(session& who, const mqtt::shared_filter& what) const {
    const share* at = at_.subscriptions.find_share(what);
    if (!at || !who.is_member()) return false;
    return std::any_of(who.memberships().begin(), who.memberships().end(),
                       [&](const auto& one) { return one->of == at; });
}

bool share_desk::remove(session& who, const mqtt::shared_filter& what,
                        std::vector<std::string>& unwanted) {
    const share* at = at_.subscriptions.find_share(what);
    if (!at || !who.is_member()) return false;
    auto& own = who.memberships();
    const auto found =
        std::find_if(own.begin(), own.end(), [&](const auto& one) { return one->of == at; });
    if (found == own.end()) return false;
    const auto gone = std::move(*found);
    own.erase(found);
    leave(*gone, unwanted);
    return true;
}

void share_desk::remove_all(session& who, std::vector<std::string>& unwanted) {
    if (!who.is_member()) return;
    for (const auto& one : std::exchange(who.memberships(), {})) leave(*one, unwanted);
}

void share_desk::leave(membership& gone, std::vector<std::string>& unwanted) {
    share& from = *gone.of;
    from.remove(gone);
    at_.count.shared_subscriptions.subtract();
    note(from);
    retract(from, unwanted);
}

void share_desk::retract(const mqtt::shared_filter& what, std::vector<std::string>& unwanted) {
    if (share* at = at_.subscriptions.find_share(what)) retract(*at, unwanted);
}

void share_desk::retract(share& of, std::vector<std::string>& unwanted) {
    if (of.is_wanted()) return;
    if (of.is_announced) unwanted.push_back(of.text());
    of.is_announced = false;
    of.told = {};
    prune(of);
}

void share_desk::prune(share& of) {
    if (!of.is_empty()) return;
    if (of.is_changed) std::erase(changed_, &of);
    if (of.is_watched) std::erase(watched_, &of);
    at_.subscriptions.remove_share(of);
}

// --- members -------------------------------------------------------------------------------------

void share_desk::note_presence(session& of) {
    if (!of.is_member()) return;
    for (const auto& one : of.memberships()) {
        one->of->move(*one, state_of(of));
        if (one->of->has_choked()) watch(*one->of);
        note(*one->of);
    }
}

void share_desk::choke(const membership& full) {
    full.of->move(full, member_state::choked);
    watch(*full.of);
    note(*full.of);
}

void share_desk::watch(share& choked) {
    if (!std::exchange(choked.is_watched, true)) watched_.push_back(&choked);
    if (!again_->is_armed()) at_.loop.arm(*again_, look_again_after);
}

void share_desk::look_again() noexcept {
    for (share* one : watched_) {
        std::vector<const membership*> eased;
        for (const membership* member : one->members())
            if (one->state_of(*member) == member_state::choked && member->how.who->has_room())
                eased.push_back(member);
        for (const membership* member : eased) one->move(*member, member_state::ready);
        one->is_watched = one->has_choked();
        if (!eased.empty()) note(*one);
    }
    std::erase_if(watched_, [](const share* one) { return !one->is_watched; });
    if (!watched_.empty()) at_.loop.arm(*again_, look_again_after);
}

// --- among workers -------------------------------------------------------------------------------

void share_desk::note(share& changed) {
    if (at_.workers == 1 || std::exchange(changed.is_changed, true)) return;
    changed_.push_back(&changed);
}

void share_desk::tell() {
    if (changed_.empty()) return;
    stakes news;
    for (share* one : std::exchange(changed_, {})) {
        one->is_changed = false;
        const stake now = one->awaited != 0 ? expecting(one->own()) : one->own();
        if (!one->is_announced || now == one->told) continue;
        one->told = now;
        news.said.emplace_back(one->text(), now);
    }
    if (news.said.empty()) return;
    for (unsigned to = 0; to != at_.workers; ++to)
        if (to != at_.index) mail_.send(to, letter{std::make_unique<stakes>(news)});
}

void share_desk::on_interest(unsigned from, const mqtt::shared_filter& what, bool wanted) {
    share* at = wanted ? at_.subscriptions.place_share(what) : at_.subscriptions.find_share(what);
    if (!at) return;
    at->set_stake(from, wanted ? expecting(at->stake_of(from)) : stake{});
    prune(*at);
}

void share_desk::on_stakes(unsigned from, const stakes& what) {
    for (const auto& [filter, said] : what.said) {
        const auto name = mqtt::shared(filter);
        share* at = name ? at_.subscriptions.find_share(*name) : nullptr;
        if (at) at->set_stake(from, said);
    }
}

}  // namespace nightjar::broker
