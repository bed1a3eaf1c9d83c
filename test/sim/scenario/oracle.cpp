#include "scenario/oracle.hpp"

#include <fmt/format.h>
#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <charconv>

namespace nightjar::sim {
namespace {

std::string text(message_name what) { return fmt::format("p{}:{}", what.publisher, what.sequence); }

}  // namespace

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

void oracle::published(message_name what, const mqtt::publish& packet, instant now) {
    record its{.topic = std::string(packet.topic), .level = packet.level, .retain = packet.retain};
    its.clears = packet.retain && packet.payload.empty();
    its.sent = now;
    if (its.level != mqtt::qos::at_most_once && !its.clears) expect(what, its);
    messages_.emplace(what, std::move(its));
}

void oracle::has_will(message_name what, const mqtt::will& its, instant now) {
    record made{.topic = std::string(its.topic), .level = its.level, .retain = its.retain};
    made.is_will = true;
    made.sent = now;
    messages_.emplace(what, std::move(made));
}

void oracle::acknowledged(message_name what, instant now) {
    record& its = messages_.at(what);
    its.done = std::min(its.done, now);
}

void oracle::expect(message_name what, const record& its) {
    for (session& one : sessions_) {
        const bool is_due = std::ranges::any_of(one.filters, [&](const auto& entry) {
            const auto& granted = entry.second.granted;
            return granted && *granted != mqtt::qos::at_most_once &&
                   mqtt::matches(entry.first, its.topic);
        });
        if (is_due) one.expected.insert(what);
    }
}

void oracle::session_begins(unsigned client) { sessions_[client] = {}; }

void oracle::session_in_doubt(unsigned client) {
    session& its = sessions_[client];
    its.expected.clear();
    for (auto& [name, one] : its.filters) one.granted.reset();
}

void oracle::forget_expected(session& of, const std::string& filter) {
    std::erase_if(of.expected,
                  [&](message_name one) { return mqtt::matches(filter, messages_.at(one).topic); });
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

void oracle::received(unsigned client, const mqtt::publish& packet) {
    if (packet.payload.empty()) return;  // it clears a retained message, and has no name
    const auto what = name_in(packet.payload);
    const auto known = what ? messages_.find(*what) : messages_.end();
    if (known == messages_.end())
        return complain_(fmt::format("client {} received what nobody sent", client));
    const record& its = known->second;
    if (its.topic != packet.topic)
        complain_(fmt::format("client {} received {} on {} instead of {}", client, text(*what),
                              packet.topic, its.topic));
    check_filters(client, *what, its, packet);
    check_count(client, *what, its, packet);
    check_order(client, *what, its, packet);
    if (!packet.retain && packet.level != mqtt::qos::at_most_once)
        sessions_[client].expected.erase(*what);
}

/// MQTT 5.0, statement 3.3.5-1.
void oracle::check_filters(unsigned client, message_name what, const record& its,
                           const mqtt::publish& packet) {
    bool is_wanted = false;
    mqtt::qos most{};
    for (const auto& [name, one] : sessions_[client].filters) {
        if (one.gone < its.sent || !mqtt::matches(name, its.topic)) continue;
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
    session& own = sessions_[client];
    reception& so_far = own.received[what];
    if (packet.retain) {
        unsigned askings = 0;
        for (const auto& [name, one] : own.filters)
            if (mqtt::matches(name, its.topic)) askings += one.askings;
        const bool is_repeated = packet.level == mqtt::qos::at_least_once && packet.dup;
        if (!is_repeated && ++so_far.retained > askings)
            complain_(
                fmt::format("client {} was sent {} more often than it asked for retained "
                            "messages",
                            client, text(what)));
        return;
    }
    ++so_far.live;
    if (packet.level == mqtt::qos::at_least_once && packet.dup) return;
    const unsigned most = its.level == mqtt::qos::at_least_once ? its.copies : 1;
    if (++so_far.fresh > most)
        complain_(fmt::format("client {} received {} {} times at QoS {} (published at QoS {})",
                              client, text(what), so_far.fresh, static_cast<int>(packet.level),
                              static_cast<int>(its.level)));
}

/// MQTT 5.0, statements 4.6.0-5 and 4.6.0-6. Repetitions and what its publisher repeated have an
/// order of their own.
void oracle::check_order(unsigned client, message_name what, const record& its,
                         const mqtt::publish& packet) {
    session& own = sessions_[client];
    if (packet.retain || its.is_will || its.copies > 1) return;
    if (own.received[what].live > 1) return;
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

std::size_t oracle::missing() const {
    std::size_t count = 0;
    for (const session& one : sessions_)
        for (const message_name what : one.expected) count += messages_.at(what).done != never;
    return count;
}

void oracle::complain_of_missing() const {
    for (std::size_t client = 0; client != sessions_.size(); ++client)
        for (const message_name what : sessions_[client].expected)
            if (const record& its = messages_.at(what); its.done != never)
                complain_(fmt::format("client {} never received {} on {}, acknowledged at QoS {}",
                                      client, text(what), its.topic, static_cast<int>(its.level)));
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
        if (known == messages_.end() || !known->second.retain)
            complain_(fmt::format("{} holds {}, which nobody retained", topic, text(what)));
        else if (is_superseded(what, known->second))
            complain_(fmt::format("{} holds {}, which was replaced", topic, text(what)));
    }
    for (const auto& [name, its] : messages_) {
        const bool must_be = its.retain && !its.clears && its.done != never;
        if (!must_be || seen.contains(its.topic)) continue;
        const bool may_be_gone = std::ranges::any_of(messages_, [&, &its = its](const auto& entry) {
            const record& other = entry.second;
            return other.clears && other.topic == its.topic && other.done >= its.sent;
        });
        if (!may_be_gone) complain_(fmt::format("{} lost its retained {}", its.topic, text(name)));
    }
}

}  // namespace nightjar::sim
