#include "subscription_desk.hpp"

#include <nightjar/mqtt/topic.hpp>

#include <algorithm>

#include "../connection/connection.hpp"

namespace nightjar::broker {

using mqtt::property_id;
using mqtt::reason;

subscription_desk::subscription_desk(context& at, mailbox& mail, share_desk& shares)
    : at_(at), mail_(mail), shares_(shares), known_by_(at.workers) {}

// --- from the client -----------------------------------------------------------------------------

void subscription_desk::subscribe(connection& by, const mqtt::subscribe& what) {
    const std::uint32_t identifier =
        what.props.number(property_id::subscription_identifier).value_or(0);
    if (const auto fresh = announce(what.filters); !fresh.empty())
        tell_others(fresh, true, ++asked_);
    if (asked_ == known_) return add(by, what.id, identifier, what.filters);
    await(what.filters, true);
    const bytes_view raw = what.filters.raw();
    pending_.push_back({asked_, &by, what.id, identifier, {raw.begin(), raw.end()}});
    by.hold_back();
}

void subscription_desk::unsubscribe(connection& by, const mqtt::unsubscribe& what) {
    remove(by, what.id, what.filters);
}

void subscription_desk::forget(const connection& gone) {
    for (pending& one : pending_)
        if (one.by == &gone) one.by = nullptr;
}

// --- adding --------------------------------------------------------------------------------------

/// Marks the filters that the others do not know yet, and returns them.
std::vector<std::string> subscription_desk::announce(const mqtt::subscription_list& filters) {
    std::vector<std::string> fresh;
    if (at_.workers == 1) return fresh;
    for (mqtt::subscription_list rest = filters; !rest.empty();) {
        const mqtt::subscription one = rest.take();
        if (announce(one.filter)) fresh.emplace_back(one.filter);
    }
    return fresh;
}

bool subscription_desk::announce(std::string_view filter) {
    if (const auto name = mqtt::shared(filter)) return shares_.announce(*name);
    filter_node* at = at_.subscriptions.place(filter);
    if (!at || at_.subscriptions.is_announced(*at)) return false;
    at_.subscriptions.mark_announced(*at, true);
    return true;
}

void subscription_desk::add(connection& by, mqtt::packet_id id, std::uint32_t identifier,
                            mqtt::subscription_list filters) {
    session* to = by.owner();
    if (!to) return;
    std::vector<byte> codes;
    std::vector<bool> is_new;
    for (mqtt::subscription_list rest = filters; !rest.empty();) {
        bool fresh = false;
        reason code = add_one(*to, rest.take(), identifier, fresh);
        if (is_failure(code) && by.version() != mqtt::version::v5)
            code = reason::unspecified_error;  // 0x80, all that 3.1.1 has
        codes.push_back(static_cast<byte>(code));
        is_new.push_back(fresh);
    }
    by.suback({.id = id, .codes = codes});
    send_retained(*to, filters, identifier, is_new, codes);
}

reason subscription_desk::add_one(session& to, const mqtt::subscription& one,
                                  std::uint32_t identifier, bool& is_new) {
    const subscriber how{.who = &to,
                         .identifier = identifier,
                         .maximum = one.maximum,
                         .no_local = one.no_local,
                         .retain_as_published = one.retain_as_published};
    if (!may_add(to, one.filter)) return reason::quota_exceeded;
    const auto shared = mqtt::shared(one.filter);
    if (!(shared ? shares_.add(*shared, how) : add_plain(one.filter, how, is_new)))
        return reason::quota_exceeded;
    at_.log(log_config::subscribe, "{} {} {}", to.client_id(), static_cast<int>(one.maximum),
            one.filter);
    return static_cast<reason>(one.maximum);
}

/// Another one of those that it has is always welcome.
bool subscription_desk::may_add(session& to, std::string_view filter) const {
    const std::uint32_t most = at_.how.max_subscriptions_per_client;
    const auto& own = to.filters();
    const std::size_t count = own.size() + (to.is_member() ? to.memberships().size() : 0);
    const bool is_full = (most != 0 && count >= most) || at_.memory.is_tight();
    if (!is_full) return true;
    at_.work.spend(static_cast<std::uint32_t>(count / 64));
    if (const auto name = mqtt::shared(filter)) return shares_.has(to, *name);
    const filter_node* known = at_.subscriptions.find(filter);
    return known && std::find(own.begin(), own.end(), known) != own.end();
}

bool subscription_desk::add_plain(std::string_view filter, const subscriber& how, bool& is_new) {
    filter_node* at = at_.subscriptions.place(filter);
    if (!at) return false;
    is_new = at_.subscriptions.subscribe(*at, how);
    if (!is_new) return true;
    how.who->filters().push_back(at);
    at_.count.subscriptions.add();
    return true;
}

void subscription_desk::send_retained(session& to, mqtt::subscription_list filters,
                                      std::uint32_t identifier, const std::vector<bool>& is_new,
                                      bytes_view codes) {
    for (std::size_t i = 0; !filters.empty(); ++i) {
        const mqtt::subscription one = filters.take();
        if (is_failure(static_cast<reason>(codes[i]))) continue;
        if (mqtt::shared(one.filter)) continue;  // [MQTT-5 4.8.2]
        if (one.retained == mqtt::retain_handling::do_not_send) continue;
        if (one.retained == mqtt::retain_handling::send_if_new && !is_new[i]) continue;
        const subscriber how{.who = &to, .identifier = identifier, .maximum = one.maximum};
        at_.retained.for_matching(one.filter, at_.loop.now(),
                                  [&](const message& what) { to.deliver_retained(what, how); });
    }
}

// --- removing ------------------------------------------------------------------------------------

void subscription_desk::remove(connection& by, mqtt::packet_id id, mqtt::filter_list filters) {
    session* of = by.owner();
    if (!of) return;
    std::vector<byte> codes;
    std::vector<std::string> unwanted;
    while (!filters.empty()) {
        const std::string_view filter = filters.take();
        const auto shared = mqtt::shared(filter);
        const bool existed =
            shared ? shares_.remove(*of, *shared, unwanted) : remove_plain(*of, filter, unwanted);
        at_.log(log_config::unsubscribe, "{} {}", of->client_id(), filter);
        codes.push_back(
            static_cast<byte>(existed ? reason::success : reason::no_subscription_existed));
    }
    if (!unwanted.empty()) tell_others(unwanted, false, 0);
    by.unsuback(
        {.id = id, .codes = by.version() == mqtt::version::v5 ? bytes_view{codes} : bytes_view{}});
}

bool subscription_desk::remove_plain(session& of, std::string_view filter,
                                     std::vector<std::string>& unwanted) {
    filter_node* at = at_.subscriptions.find(filter);
    auto& own = of.filters();
    const auto found = at ? std::find(own.begin(), own.end(), at) : own.end();
    if (found == own.end()) return false;
    own.erase(found);
    leave(of, *at, unwanted);
    return true;
}

void subscription_desk::drop_all(session& of) {
    std::vector<std::string> unwanted;
    shares_.remove_all(of, unwanted);
    for (filter_node* at : of.filters()) leave(of, *at, unwanted);
    of.filters().clear();
    if (!unwanted.empty()) tell_others(unwanted, false, 0);
}

void subscription_desk::leave(session& of, filter_node& at, std::vector<std::string>& unwanted) {
    at_.subscriptions.unsubscribe(at, of);
    at_.count.subscriptions.subtract();
    retract(at, unwanted);
}

void subscription_desk::retract(filter_node& at, std::vector<std::string>& unwanted) {
    if (at.value.is_wanted()) return;
    if (at_.subscriptions.is_announced(at)) {
        unwanted.push_back(router::text_of(&at));
        at_.subscriptions.mark_announced(at, false);
    }
    at_.subscriptions.prune(&at);
}

// --- among workers -------------------------------------------------------------------------------

void subscription_desk::tell_others(const std::vector<std::string>& filters, bool wanted,
                                    std::uint64_t ticket) {
    for (unsigned to = 0; to != at_.workers; ++to) {
        if (to == at_.index) continue;
        mail_.send(to, letter{std::make_unique<interest>(interest{filters, wanted, ticket})});
    }
}

void subscription_desk::on_interest(unsigned from, const interest& what) {
    for (const std::string& filter : what.filters) {
        if (const auto name = mqtt::shared(filter))
            shares_.on_interest(from, *name, what.wanted);
        else
            at_.subscriptions.set_interest(filter, from, what.wanted);
    }
    if (what.ticket != 0) mail_.send(from, letter{interest_known{what.ticket}});
}

void subscription_desk::on_known(unsigned from, std::uint64_t ticket) {
    known_by_[from] = ticket;
    std::uint64_t all = asked_;
    for (unsigned w = 0; w != at_.workers; ++w)
        if (w != at_.index) all = std::min(all, known_by_[w]);
    known_ = all;
    while (!pending_.empty() && pending_.front().ticket <= known_) {
        const pending next = std::move(pending_.front());
        pending_.pop_front();
        complete(next);
    }
}

void subscription_desk::complete(const pending& what) {
    const mqtt::subscription_list filters{what.filters};
    await(filters, false);
    if (what.by && what.by->owner()) {
        add(*what.by, what.id, what.identifier, filters);
        return what.by->go_on();
    }
    // The others were told of filters that perhaps nobody wants any more.
    std::vector<std::string> unwanted;
    for (mqtt::subscription_list rest = filters; !rest.empty();) {
        const mqtt::subscription one = rest.take();
        if (const auto name = mqtt::shared(one.filter))
            shares_.retract(*name, unwanted);
        else if (filter_node* at = at_.subscriptions.find(one.filter))
            retract(*at, unwanted);
    }
    if (!unwanted.empty()) tell_others(unwanted, false, 0);
}

/// What is awaited stays known although nobody has it yet.
void subscription_desk::await(mqtt::subscription_list filters, bool begins) {
    while (!filters.empty()) {
        const mqtt::subscription one = filters.take();
        if (const auto name = mqtt::shared(one.filter))
            shares_.await(*name, begins);
        else if (filter_node* at = at_.subscriptions.find(one.filter))
            at->value.awaited += begins ? 1U : -1U;
    }
}

}  // namespace nightjar::broker
