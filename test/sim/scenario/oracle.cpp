#include "scenario/oracle.hpp"

#include <fmt/format.h>
#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <charconv>

namespace nightjar::sim {

std::string text(message_name what) { return fmt::format("p{}:{}", what.publisher, what.sequence); }

std::string payload_of(message_name what, std::size_t filler) {
    return text(what) + ' ' + std::string(filler, 'x');
}

std::optional<message_name> name_in(bytes_view payload) {
    const std::string_view all = as_text(payload);
    message_name found;
    if (all.empty() || all.front() != 'p') return std::nullopt;
    const auto publisher =
        std::from_chars(all.data() + 1, all.data() + all.size(), found.publisher);
    if (publisher.ec != std::errc{} || *publisher.ptr != ':') return std::nullopt;
    const auto rest = std::from_chars(publisher.ptr + 1, all.data() + all.size(), found.sequence);
    if (rest.ec != std::errc{}) return std::nullopt;
    return found;
}

bool is_shared(std::string_view filter) { return mqtt::shared(filter).has_value(); }

bool covers(std::string_view filter, std::string_view topic) {
    const auto split = mqtt::shared(filter);
    return mqtt::matches(split ? split->filter : filter, topic);
}

void oracle::published(message_name what, const mqtt::publish& packet, std::uint32_t expiry_s,
                       instant now) {
    record its{.topic = std::string(packet.topic), .level = packet.level, .retain = packet.retain};
    its.clears = packet.retain && packet.payload.empty();
    its.expiry_s = expiry_s;
    its.sent = now;
    if (its.level != mqtt::qos::at_most_once && !its.clears) {
        expect(what, its);
        expect_of_groups(what, its);
    }
    messages_.emplace(what, std::move(its));
}

void oracle::acknowledged(message_name what, instant now) {
    record& its = messages_.at(what);
    its.done = std::min(its.done, now);
}

/// Unless it was said twice, and the first one was taken.
void oracle::refused(message_name what) {
    ++refusals_;
    record& its = messages_.at(what);
    its.is_refused = its.copies == 1;
    if (its.is_refused && its.is_heard)
        complain_(fmt::format("{} was refused, and sent to somebody", text(what)));
}

void oracle::expect(message_name what, const record& its) {
    for (session& one : sessions_) {
        const bool is_due = std::ranges::any_of(one.filters, [&](const auto& entry) {
            const auto& granted = entry.second.granted;
            return granted && *granted != mqtt::qos::at_most_once && !is_shared(entry.first) &&
                   covers(entry.first, its.topic);
        });
        if (is_due) one.expected.insert(what);
    }
}

void oracle::session_begins(unsigned client) {
    session& its = sessions_[client];
    void_groups(its);
    const instant last_break = its.last_break;
    its = {};
    its.last_break = last_break;
}

void oracle::session_in_doubt(unsigned client) {
    session& its = sessions_[client];
    void_groups(its);
    its.expected.clear();
    for (auto& [name, one] : its.filters) one.granted.reset();
}

void oracle::forget_expected(session& of, const std::string& filter) {
    if (is_shared(filter)) return void_group(filter);
    std::erase_if(of.expected,
                  [&](message_name one) { return covers(filter, messages_.at(one).topic); });
}

void oracle::subscribing(unsigned client, const std::string& name, mqtt::qos level) {
    session& its = sessions_[client];
    filter& one = its.filters[name];
    one.most = std::max(one.most, level);
    one.granted.reset();
    one.gone = never;
    ++one.askings;
    forget_expected(its, name);
}

void oracle::subscribed(unsigned client, const std::string& name, mqtt::qos granted) {
    sessions_[client].filters[name].granted = granted;
}

void oracle::unsubscribing(unsigned client, const std::string& name) {
    session& its = sessions_[client];
    if (const auto at = its.filters.find(name); at != its.filters.end()) at->second.granted.reset();
    forget_expected(its, name);
}

void oracle::unsubscribed(unsigned client, const std::string& name, instant now) {
    session& its = sessions_[client];
    if (const auto at = its.filters.find(name); at != its.filters.end()) at->second.gone = now;
}

void oracle::received(unsigned client, const mqtt::publish& packet, const hearing& when) {
    if (packet.payload.empty()) return;  // it clears a retained message, and has no name
    const auto what = name_in(packet.payload);
    const auto known = what ? messages_.find(*what) : messages_.end();
    if (known == messages_.end())
        return complain_(fmt::format("client {} received what nobody sent", client));
    record& its = known->second;
    if (its.topic != packet.topic)
        complain_(fmt::format("client {} received {} on {} instead of {}", client, text(*what),
                              packet.topic, its.topic));
    its.is_heard = true;
    if (its.is_refused)
        complain_(fmt::format("client {} received {}, which was refused", client, text(*what)));
    if (its.is_will) check_will(*what, its, when.now);
    check_expiry(client, *what, its, packet, when);
    check_filters(client, *what, its, packet);
    check_count(client, *what, its, packet);
    check_order(client, *what, its, packet);
    if (packet.retain) return;
    note_share(client, *what, packet);
    if (packet.level != mqtt::qos::at_most_once) sessions_[client].expected.erase(*what);
}

/// MQTT 5.0, statements 3.3.2-5 and 3.3.2-6. What had begun its way in time may be repeated later.
void oracle::check_expiry(unsigned client, message_name what, const record& its,
                          const mqtt::publish& packet, const hearing& when) {
    if (its.is_will) return;
    const auto left = packet.props.number(mqtt::property_id::message_expiry_interval);
    if (its.expiry_s == 0) {
        if (left)
            complain_(fmt::format("client {} received {} with an expiry", client, text(what)));
        return;
    }
    const duration life = 1s * its.expiry_s;
    const bool has_waited = its.done != never && when.served > its.done;
    const duration waited = has_waited ? when.served - its.done : 0s;
    if (waited >= life && !packet.dup)
        complain_(fmt::format("client {} received {}, which had expired", client, text(what)));
    if (!when.is_v5) return;
    if (!left)
        return complain_(
            fmt::format("client {} received {} without its expiry", client, text(what)));
    const auto most = std::chrono::ceil<std::chrono::seconds>(std::max(life - waited, duration{}));
    const auto least = std::chrono::floor<std::chrono::seconds>(life - (when.now - its.sent));
    if (1s * *left > most || 1s * *left < least)
        complain_(fmt::format("client {} received {} with {} s left of {}", client, text(what),
                              *left, its.expiry_s));
}

/// MQTT 5.0, statement 3.3.5-1.
void oracle::check_filters(unsigned client, message_name what, const record& its,
                           const mqtt::publish& packet) {
    bool is_wanted = false;
    mqtt::qos most{};
    for (const auto& [name, one] : sessions_[client].filters) {
        if (one.gone < its.sent || !covers(name, its.topic)) continue;
        is_wanted = true;
        most = std::max(most, one.most);
    }
    if (!is_wanted)
        complain_(fmt::format("client {} received {} on {}, which no filter matches", client,
                              text(what), its.topic));
    else if (packet.level > std::min(most, its.level))
        complain_(fmt::format("client {} received {} at QoS {}", client, text(what),
                              static_cast<int>(packet.level)));
}

/// A message that its publisher sent once comes once, but for repetitions of QoS 1, which say so.
void oracle::check_count(unsigned client, message_name what, const record& its,
                         const mqtt::publish& packet) {
    if (packet.retain) return check_retained_count(client, what, its, packet);
    reception& so_far = sessions_[client].received[what];
    ++so_far.live;
    if (packet.level == mqtt::qos::at_least_once && packet.dup) return;
    const unsigned most = its.level == mqtt::qos::at_least_once ? its.copies : 1;
    if (++so_far.fresh > most && !may_come_again(client, its))
        complain_(fmt::format("client {} received {} {} times at QoS {} (published at QoS {})",
                              client, text(what), so_far.fresh, static_cast<int>(packet.level),
                              static_cast<int>(its.level)));
}

void oracle::check_retained_count(unsigned client, message_name what, const record& its,
                                  const mqtt::publish& packet) {
    session& own = sessions_[client];
    unsigned askings = 0;
    for (const auto& [name, one] : own.filters)
        if (!is_shared(name) && covers(name, its.topic)) askings += one.askings;
    const bool is_repeated = packet.level == mqtt::qos::at_least_once && packet.dup;
    if (!is_repeated && ++own.received[what].retained > askings)
        complain_(
            fmt::format("client {} was sent {} more often than it asked for retained messages",
                        client, text(what)));
}

/// MQTT 5.0, statements 4.6.0-5 and 4.6.0-6, for subscriptions that are not shared. Repetitions and
/// what its publisher repeated have an order of their own.
void oracle::check_order(unsigned client, message_name what, const record& its,
                         const mqtt::publish& packet) {
    session& own = sessions_[client];
    if (packet.retain || its.is_will || its.copies > 1) return;
    if (own.received[what].live > 1 || is_by_share(client, its)) return;
    // Two QoS of one publisher may overtake each other: keyed by both, as published and as
    // delivered.
    const auto mixed =
        static_cast<mqtt::qos>(static_cast<int>(its.level) * 4 + static_cast<int>(packet.level));
    std::uint32_t& last = own.last[{what.publisher, its.topic, mixed}];
    if (what.sequence < last)
        complain_(fmt::format("client {} received {} after p{}:{}", client, text(what),
                              what.publisher, last));
    last = std::max(last, what.sequence);
}

/// It was acknowledged, and has not expired meanwhile.
bool oracle::must_come(message_name what, instant now) const {
    const record& its = messages_.at(what);
    const bool may_be_over = its.expiry_s != 0 && now >= its.sent + 1s * its.expiry_s;
    return its.done != never && !may_be_over;
}

std::size_t oracle::missing(unsigned client, instant now) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        sessions_[client].expected, [&](message_name what) { return must_come(what, now); }));
}

std::size_t oracle::missing(instant now) const {
    std::size_t count = 0;
    for (unsigned client = 0; client != sessions_.size(); ++client) count += missing(client, now);
    for (const auto& [name, all] : groups_)
        for (const auto& [what, one] : all) count += one.is_due && must_come(what, now);
    return count;
}

void oracle::complain_of_missing(instant now) const {
    const auto level = [this](message_name what) {
        return static_cast<int>(messages_.at(what).level);
    };
    for (std::size_t client = 0; client != sessions_.size(); ++client)
        for (const message_name what : sessions_[client].expected)
            if (must_come(what, now))
                complain_(fmt::format("client {} never received {} on {}, acknowledged at QoS {}",
                                      client, text(what), messages_.at(what).topic, level(what)));
    for (const auto& [name, all] : groups_)
        for (const auto& [what, one] : all)
            if (one.is_due && must_come(what, now))
                complain_(fmt::format("nobody of {} received {}, acknowledged at QoS {}", name,
                                      text(what), level(what)));
}

/// Another one was surely accepted after this one.
bool oracle::is_superseded(message_name what, const record& its) const {
    return std::ranges::any_of(messages_, [&](const auto& entry) {
        const auto& [name, other] = entry;
        if (!other.retain || other.topic != its.topic || other.done == never) return false;
        const bool is_next = name.publisher == what.publisher && name.sequence > what.sequence &&
                             !its.is_will && its.copies == 1 && other.copies == 1;
        return is_next || (other.sent > its.done && name != what);
    });
}

void oracle::check_retained(const std::map<std::string, message_name>& seen) const {
    for (const auto& [topic, what] : seen) {
        const auto known = messages_.find(what);
        if (known == messages_.end() || !known->second.retain || known->second.is_refused)
            complain_(fmt::format("{} holds {}, which nobody retained", topic, text(what)));
        else if (is_superseded(what, known->second))
            complain_(fmt::format("{} holds {}, which was replaced", topic, text(what)));
    }
}

void oracle::check_retained_lost(const std::map<std::string, message_name>& seen) const {
    for (const auto& [name, its] : messages_) {
        const bool must_be = its.retain && !its.clears && its.done != never && its.expiry_s == 0;
        if (!must_be || seen.contains(its.topic)) continue;
        const bool may_be_gone = std::ranges::any_of(messages_, [&, &its = its](const auto& entry) {
            const record& other = entry.second;
            const bool leaves_nothing = other.clears || (other.retain && other.expiry_s != 0);
            return leaves_nothing && other.topic == its.topic && other.done >= its.sent;
        });
        if (!may_be_gone) complain_(fmt::format("{} lost its retained {}", its.topic, text(name)));
    }
}

}  // namespace nightjar::sim
