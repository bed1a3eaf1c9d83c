#pragma once
// Bytes as operations on a router, held against lists and the slow matcher. The fuzz target feeds
// it what a fuzzer thinks of, the property test what RapidCheck draws and shrinks.
//
//      | operation | arguments … | operation | arguments … |

#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "context.hpp"
#include "session/session.hpp"

namespace nightjar::broker {

/// Sessions need a context to live in; routing itself does not.
class route_world {
public:
    route_world() {
        for (unsigned i = 0; i != sessions_.size(); ++i)
            sessions_[i] = std::make_unique<session>(at_, "c" + std::to_string(i), i + 1);
    }
    ~route_world() {
        for (const auto& [key, one] : members_) one->of->remove(*one);
    }

    /// What went wrong first, or empty.
    std::string run(std::span<const std::uint8_t> bytes) {
        rest_ = bytes;
        while (!rest_.empty() && trouble_.empty()) {
            switch (take() % 8) {
                case 0:
                case 1: subscribe(); break;
                case 2: unsubscribe(); break;
                case 3: set_interest(); break;
                case 4: join(); break;
                case 5: leave(); break;
                case 6: set_stake(); break;
                case 7: publish(); break;
            }
        }
        return trouble_;
    }

private:
    static constexpr unsigned others = 3;  // workers besides this one, which is 0
    struct silent final : log_sink {
        void write(log_config::type, std::string_view) noexcept override {}
    };
    struct wish {
        mqtt::qos maximum{};
        std::uint32_t identifier = 0;
        bool no_local = false, as_published = false;
    };
    struct asked {
        mqtt::qos maximum{};
        std::multiset<std::uint32_t> identifiers;
        bool no_local = true, as_published = false;
        bool operator==(const asked&) const = default;
    };
    using share_name = std::pair<std::string, std::string>;  // group, filter

    std::uint8_t take() {
        if (rest_.empty()) return 0;
        const std::uint8_t one = rest_.front();
        rest_ = rest_.subspan(1);
        return one;
    }

    /// One to four levels of a small alphabet, from two bytes.
    std::string text(bool with_wildcards) {
        static constexpr std::string_view plain[] = {"a", "b", "", "$x", "abc", "+", "+", "+"};
        unsigned bits = take() | unsigned{take()} << 8;
        std::string made;
        for (unsigned left = 1 + bits % 4; left != 0; --left) {
            bits = bits >> 2 | bits << 14;
            made += plain[(bits >> 3) % (with_wildcards ? 8U : 5U)];
            if (left != 1) made += '/';
        }
        if (with_wildcards && (bits & 3) == 0) made += made.empty() ? "#" : "/#";
        return made.empty() ? "a" : made;
    }

    void must(bool holds, const char* what, const std::string& about) {
        if (!holds && trouble_.empty()) trouble_ = std::string(what) + ": " + about;
    }

    void subscribe() {
        const std::string filter = text(true);
        const unsigned who = take() % 4U, how = take();
        const wish made{static_cast<mqtt::qos>(how % 3), how >> 4, (how & 4) != 0, (how & 8) != 0};
        auto* at = router_.place(filter);
        const bool is_new = router_.subscribe(*at, {.who = sessions_[who].get(),
                                                    .identifier = made.identifier,
                                                    .maximum = made.maximum,
                                                    .no_local = made.no_local,
                                                    .retain_as_published = made.as_published});
        must(is_new == !plain_.contains({filter, who}), "newness", filter);
        plain_[{filter, who}] = made;
    }

    void unsubscribe() {
        const std::string filter = text(true);
        const unsigned who = take() % 4U;
        const bool was_there = plain_.erase({filter, who}) != 0;
        auto* at = router_.find(filter);
        must(at || !was_there, "lost", filter);
        if (!at) return;
        must(router_.unsubscribe(*at, *sessions_[who]) == was_there, "removal", filter);
        router_.prune(at);
    }

    void set_interest() {
        const std::string filter = text(true);
        const unsigned what = take(), worker = 1 + (what >> 1) % others;
        router_.set_interest(filter, worker, what & 1);
        if (what & 1)
            interest_.insert({filter, worker});
        else
            interest_.erase({filter, worker});
    }

    share_name any_share() {
        return {std::string(1, static_cast<char>('g' + take() % 2)), text(true)};
    }

    void join() {
        const share_name name = any_share();
        const unsigned who = take() % 4U;
        const auto state = static_cast<member_state>(take() % 3);
        share* at = router_.place_share({name.first, name.second});
        auto& held = members_[{name, who}];
        if (held) return at->move(*held, state);
        held = std::make_unique<membership>(*at, subscriber{.who = sessions_[who].get()});
        at->add(*held, state);
    }

    void leave() {
        const share_name name = any_share();
        const auto found = members_.find({name, take() % 4U});
        if (found == members_.end()) return;
        found->second->of->remove(*found->second);
        members_.erase(found);
        drop_if_empty(name);
    }

    void set_stake() {
        const share_name name = any_share();
        const unsigned worker = 1 + take() % others, n = take();
        const stake said{n % 2, n % 2 + n / 2 % 2, n % 2 + n / 2 % 2 + n / 4 % 2};
        router_.place_share({name.first, name.second})->set_stake(worker, said);
        if (said.all != 0)
            stakes_[{name, worker}] = said;
        else
            stakes_.erase({name, worker});
        drop_if_empty(name);
    }

    void drop_if_empty(const share_name& name) {
        const share* at = router_.find_share({name.first, name.second});
        if (at && at->is_empty()) router_.remove_share(*at);
    }

    void publish() {
        const std::string topic = text(false);
        const route& to = router_.find_route(topic);
        must_be_local(topic, to);
        std::uint64_t workers = 0;
        for (const auto& [filter, worker] : interest_)
            if (mqtt::matches(filter, topic)) workers |= std::uint64_t{1} << worker;
        must(to.workers == workers, "workers", topic);
        std::set<share_name> wanted, found;
        for (const auto& [key, one] : members_)
            if (mqtt::matches(key.first.second, topic)) wanted.insert(key.first);
        for (const auto& [key, one] : stakes_)
            if (mqtt::matches(key.first.second, topic)) wanted.insert(key.first);
        for (share* one : to.shares) {
            const share_name name{one->name().group, one->name().filter};
            must(found.insert(name).second, "a share comes twice", topic);
            must_pick_the_best(*one, name);
        }
        must(found == wanted, "shares", topic);
    }

    void must_be_local(const std::string& topic, const route& to) {
        std::map<unsigned, asked> wanted, found;
        for (const auto& [key, one] : plain_) {
            if (!mqtt::matches(key.first, topic)) continue;
            asked& sum = wanted[key.second];
            sum.maximum = std::max(sum.maximum, one.maximum);
            sum.no_local = sum.no_local && one.no_local;
            sum.as_published = sum.as_published || one.as_published;
            if (one.identifier != 0) sum.identifiers.insert(one.identifier);
        }
        for (const target& one : to.local) {
            asked made{one.maximum, {}, one.no_local, one.retain_as_published};
            made.identifiers.insert(one.identifiers.begin(), one.identifiers.end());
            const auto who = static_cast<unsigned>(one.who->serial() - 1);
            must(found.emplace(who, made).second, "two copies for one session", topic);
        }
        must(found == wanted, "local subscribers", topic);
    }

    void must_pick_the_best(share& of, const share_name& name) {
        member_state best = member_state::away;
        for (const auto& [key, one] : members_)
            if (key.first == name) best = std::min(best, of.state_of(*one));
        for (const auto& [key, said] : stakes_)
            if (key.first == name)
                best = std::min(best, said.ready     ? member_state::ready
                                      : said.present ? member_state::choked
                                                     : member_state::away);
        const share::turn turn = of.pick();
        must(!turn.is_nobody, "nobody is picked", name.second);
        if (turn.member) return must(of.state_of(*turn.member) == best, "member", name.second);
        const auto said = stakes_.find({name, turn.worker});
        if (said == stakes_.end()) return must(false, "worker without members", name.second);
        const stake& has = said->second;
        const std::uint32_t there[] = {has.ready, has.present - has.ready, has.all - has.present};
        must(there[static_cast<std::size_t>(best)] != 0, "worker", name.second);
    }

    silent sink_;
    event_log log_{sink_, 0};
    broker_config how_;
    io::loop loop_{std::move(*io::make_epoll_engine())};
    context at_{loop_, how_, 0, others + 1, log_};
    router& router_ = at_.subscriptions;
    std::array<std::unique_ptr<session>, 4> sessions_;
    std::map<std::pair<std::string, unsigned>, wish> plain_;
    std::set<std::pair<std::string, unsigned>> interest_;
    std::map<std::pair<share_name, unsigned>, std::unique_ptr<membership>> members_;
    std::map<std::pair<share_name, unsigned>, stake> stakes_;
    std::span<const std::uint8_t> rest_;
    std::string trouble_;
};

}  // namespace nightjar::broker
