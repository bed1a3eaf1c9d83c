#include "router.hpp"

#include <algorithm>

#include "../session/session.hpp"

namespace nightjar::broker {

bool router::subscribe(filter_node& at, const subscriber& who) {
    ++version_;
    for (subscriber& one : at.value.local) {
        if (one.who != who.who) continue;
        one = who;
        return false;
    }
    at.value.local.push_back(who);
    ++subscriptions_;
    return true;
}

bool router::unsubscribe(filter_node& at, const session& who) {
    auto& local = at.value.local;
    const auto found = std::find_if(local.begin(), local.end(),
                                    [&](const subscriber& s) { return s.who == &who; });
    if (found == local.end()) return false;
    ++version_;
    --subscriptions_;
    *found = local.back();
    local.pop_back();
    return true;
}

void router::set_interest(std::string_view filter, unsigned worker, bool wanted) {
    filter_node* at = wanted ? filters_.insert(filter) : filters_.find(filter);
    if (!at) return;
    const std::uint64_t bit = std::uint64_t{1} << worker;
    ++version_;
    if (wanted)
        at->value.workers |= bit;
    else
        at->value.workers &= ~bit;
    filters_.prune(at);
}

void router::mark_announced(filter_node& at, bool announced) noexcept {
    if (announced)
        at.value.workers |= own_bit_;
    else
        at.value.workers &= ~own_bit_;
}

const route& router::find_route(std::string_view topic) {
    if (last_ && last_->where.version == version_ && last_->topic == topic) return last_->where;
    if (topic.size() > cached_topic_max) {
        work_out(topic, uncached_);
        return uncached_;
    }
    auto found = cache_.find(topic);
    if (found == cache_.end()) {
        if (cache_.size() >= cached_max) {
            last_ = nullptr;
            cache_.clear();
        }
        auto fresh = std::make_unique<cached>();
        fresh->topic = topic;
        const std::string_view key = fresh->topic;
        found = cache_.emplace(key, std::move(fresh)).first;
    }
    last_ = found->second.get();
    if (last_->where.version != version_) work_out(topic, last_->where);
    return last_->where;
}

void router::work_out(std::string_view topic, route& into) {
    into.local.clear();
    into.workers = 0;
    into.version = version_;
    ++round_;
    filters_.for_matching_filters(topic, [&](const filter_entry& at) {
        into.workers |= at.workers;
        for (const subscriber& one : at.local) merge(one, into);
    });
    into.workers &= ~own_bit_;
}

void router::merge(const subscriber& one, route& into) {
    session::route_mark& mark = one.who->mark();
    if (mark.round != round_) {
        mark = {round_, static_cast<std::uint32_t>(into.local.size())};
        into.local.emplace_back(one);
    }
    target& merged = into.local[mark.position];
    merged.maximum = std::max(merged.maximum, one.maximum);
    merged.no_local = merged.no_local && one.no_local;
    merged.retain_as_published = merged.retain_as_published || one.retain_as_published;
    if (one.identifier != 0) merged.identifiers.push_back(one.identifier);
}

}  // namespace nightjar::broker
