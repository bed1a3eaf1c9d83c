#include "switchboard.hpp"

#include <bit>

#include "../session/session.hpp"

namespace nightjar::broker {

using mqtt::reason;

reason switchboard::publish(const message_view& what) {
    // $SYS is the broker's own. [MQTT-5 4.7.2]
    if (what.publisher != 0 && what.topic.starts_with("$SYS/")) return reason::not_authorized;
    outgoing one{what};
    if (what.retain && !keep(one)) return reason::quota_exceeded;
    const route& to = at_.subscriptions.find_route(what.topic);
    const std::uint64_t others = at_.workers == 1 ? 0
                                                  : (~std::uint64_t{0} >> (64 - at_.workers)) &
                                                        ~(std::uint64_t{1} << at_.index);
    const bool is_wanted = !to.is_empty();
    const std::uint64_t away = what.retain ? others : to.workers & others;
    deliver(to, one);
    if (away != 0) send_away(away, one);
    return is_wanted ? reason::success : reason::no_matching_subscribers;
}

bool switchboard::keep(outgoing& what) {
    const message& own = what.own();
    return own && at_.retained.apply(own);
}

void switchboard::deliver(const route& to, outgoing& what) {
    if (to.local.size() == 1) what.mark_single();
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
    if (one.view().retain) (void)at_.retained.apply(what);
    deliver(at_.subscriptions.find_route(one.view().topic), one);
}

void switchboard::receive(const bundle& what) {
    what.for_each([this](const message_view& seen) {
        outgoing one{seen};
        deliver(at_.subscriptions.find_route(seen.topic), one);
    });
}

}  // namespace nightjar::broker
