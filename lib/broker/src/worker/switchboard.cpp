#include "switchboard.hpp"

#include <bit>
#include <utility>

#include "../session/session.hpp"

namespace nightjar::broker {

using mqtt::reason;

namespace {

/// $SYS and all below it, as `$SYS/#` has them, is the broker's own. [MQTT-5 4.7.2]
bool is_own(std::string_view topic) noexcept {
    constexpr std::string_view root = "$SYS";
    return topic.starts_with(root) && (topic.size() == root.size() || topic[root.size()] == '/');
}

}  // namespace

reason switchboard::publish(const message_view& what) {
    if (what.publisher != 0 && is_own(what.topic)) return reason::not_authorized;
    outgoing one{what};
    if (what.retain && !keep(one)) return publish_without_keeping(what);
    const route& to = at_.subscriptions.find_route(what.topic);
    const std::uint64_t others = at_.workers == 1 ? 0
                                                  : (~std::uint64_t{0} >> (64 - at_.workers)) &
                                                        ~(std::uint64_t{1} << at_.index);
    bool is_wanted = !to.local.empty() || to.workers != 0;
    std::uint64_t away = what.retain ? others : to.workers & others;
    deliver(to, one);
    if (!to.shares.empty()) {
        pick_list picks;
        for (share* each : to.shares) is_wanted |= deliver_in_turn(*each, one, 0, picks);
        send_picked(picks, away, one, 0);
    }
    if (away != 0) send_away(away, one);
    return is_wanted ? reason::success : reason::no_matching_subscribers;
}

bool switchboard::keep(outgoing& what) {
    const message& own = what.own();
    if (!own || !at_.retained.apply(own, at_.how.max_retained_messages)) return false;
    is_retained_full_ = is_retained_full_ && !what.view().payload.empty();
    return true;
}

/// The limit is on what is kept: those who are there get the message all the same, as one that is
/// not retained.
reason switchboard::publish_without_keeping(const message_view& what) {
    at_.count.retained_refused.add();
    if (!std::exchange(is_retained_full_, true))
        at_.log(log_config::warning,
                "There are as many retained messages as max_retained_messages allows: '{}' is not "
                "retained, and no further topic is.",
                what.topic);
    message_view passing = what;
    passing.retain = false;
    return publish(passing);
}

void switchboard::deliver(const route& to, outgoing& what) {
    if (to.local.size() + to.shares.size() == 1) what.mark_single();
    for (const target& one : to.local) one.who->deliver(what, one);
}

void switchboard::send_away(std::uint64_t workers, outgoing& what) {
    // What is retained is kept over there as well, so it goes by reference.
    if (!what.view().retain && bundle::is_for(what.view())) {
        for (; workers != 0; workers &= workers - 1) {
            if (!mail_.send_copy(static_cast<unsigned>(std::countr_zero(workers)), what.view()))
                at_.count.publish_messages_dropped.add();
            at_.count.letters_sent.add();
        }
        return;
    }
    const message& own = what.own();
    if (!own) return;
    own.share();
    for (; workers != 0; workers &= workers - 1) {
        mail_.send(static_cast<unsigned>(std::countr_zero(workers)), letter{own});
        at_.count.letters_sent.add();
    }
}

void switchboard::receive(const message& what) {
    outgoing one{what};
    if (one.view().retain) (void)at_.retained.follow(what);
    deliver(at_.subscriptions.find_route(one.view().topic), one);
}

void switchboard::receive(const bundle& what) {
    what.for_each([this](const message_view& seen) {
        outgoing one{seen};
        deliver(at_.subscriptions.find_route(seen.topic), one);
    });
}

void switchboard::receive(const picked& what) {
    outgoing one{what.what};
    const message_view& seen = one.view();
    if (what.is_plain && seen.retain) (void)at_.retained.follow(what.what);
    const route& to = at_.subscriptions.find_route(seen.topic);
    if (what.is_plain) deliver(to, one);
    pick_list picks;
    const auto hops = static_cast<std::uint8_t>(what.hops + 1);
    for (const std::uint64_t id : what.shares) turn_to(to, id, one, hops, picks);
    std::uint64_t nobody = 0;
    send_picked(picks, nobody, one, hops);
}

void switchboard::pass_on(const std::vector<shared_leftover>& what) {
    for (const shared_leftover& left : what) {
        outgoing one{left.what};
        if (one.view().expires <= at_.loop.now()) continue;  // [MQTT-3.3.2-5]
        pick_list picks;
        turn_to(at_.subscriptions.find_route(one.view().topic), left.share, one, 0, picks);
        std::uint64_t nobody = 0;
        send_picked(picks, nobody, one, 0);
    }
}

void switchboard::turn_to(const route& to, std::uint64_t id, outgoing& what, std::uint8_t hops,
                          pick_list& elsewhere) {
    for (share* each : to.shares)
        if (each->id() == id && deliver_in_turn(*each, what, hops, elsewhere)) return;
    at_.count.publish_messages_dropped.add();
}

/// The worker that a message was published on lets all members take turns. One that was chosen
/// prefers its own, unless others have better ones; after a few hops it does not ask.
bool switchboard::deliver_in_turn(share& to, outgoing& what, std::uint8_t hops,
                                  pick_list& elsewhere) {
    while (true) {
        const bool asks_all = hops == 0 || (hops < hops_max && to.is_better_elsewhere());
        const share::turn next = asks_all ? to.pick() : to.pick_own();
        if (next.is_nobody) return false;
        if (!next.member) {
            elsewhere.push_back({next.worker, to.id()});
            return true;
        }
        session& who = *next.member->how.who;
        if (to.state_of(*next.member) == member_state::ready && !who.has_room()) {
            shares_.choke(*next.member);  // so that each round asks one less
            continue;
        }
        who.deliver(what, next.member->how);
        return true;
    }
}

void switchboard::send_picked(const pick_list& picks, std::uint64_t& plain, outgoing& what,
                              std::uint8_t hops) {
    std::uint64_t workers = 0;
    for (const pick& one : picks) workers |= std::uint64_t{1} << one.worker;
    if (workers == 0) return;
    const message& own = what.own();
    if (!own) return;
    own.share();
    for (; workers != 0; workers &= workers - 1) {
        const auto to = static_cast<unsigned>(std::countr_zero(workers));
        const std::uint64_t bit = std::uint64_t{1} << to;
        auto made = std::make_unique<picked>();
        made->what = own;
        made->is_plain = (plain & bit) != 0;
        made->hops = hops;
        for (const pick& one : picks)
            if (one.worker == to) made->shares.push_back(one.share);
        plain &= ~bit;
        mail_.send(to, letter{std::move(made)});
        at_.count.letters_sent.add();
    }
}

}  // namespace nightjar::broker
