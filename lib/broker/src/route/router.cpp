#include "router.hpp"

#include <algorithm>

#include "../session/session.hpp"

namespace nightjar::broker {
namespace {

/// Seeded by the process, so that nobody can choose names that collide.
std::uint64_t id_of(const mqtt::shared_filter& what) noexcept {
    return std::max<std::uint64_t>(absl::HashOf(what.group, what.filter), 1);
}

}  // namespace

bool router::subscribe(filter_node& at, const subscriber& who) {
    changes_.note(text_of(&at));
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
    changes_.note(text_of(&at));
    --subscriptions_;
    *found = local.back();
    local.pop_back();
    return true;
}

void router::set_interest(std::string_view filter, unsigned worker, bool wanted) {
    filter_node* at = wanted ? filters_.insert(filter) : filters_.find(filter);
    if (!at) return;
    const std::uint64_t bit = std::uint64_t{1} << worker;
    if (((at->value.workers & bit) != 0) == wanted) return;
    changes_.note(std::string(filter));
    at->value.workers ^= bit;
    filters_.prune(at);
}

void router::mark_announced(filter_node& at, bool announced) noexcept {
    if (announced)
        at.value.workers |= own_bit_;
    else
        at.value.workers &= ~own_bit_;
}

share* router::place_share(const mqtt::shared_filter& what) {
    if (share* known = find_share(what)) return known;
    filter_node* at = filters_.insert(what.filter);
    if (!at) return nullptr;
    auto& shares = at->value.shares;
    if (!shares) shares = std::make_unique<filter_entry::share_list>();
    shares->push_back(std::make_unique<share>(what, id_of(what)));
    changes_.note(std::string(what.filter));
    return shares->back().get();
}

share* router::find_share(const mqtt::shared_filter& what) const {
    const filter_node* at = filters_.find(what.filter);
    if (!at || !at->value.shares) return nullptr;
    for (const auto& one : *at->value.shares)
        if (one->name().group == what.group) return one.get();
    return nullptr;
}

void router::remove_share(const share& empty) {
    expects(empty.is_empty(), "nobody has a part in a share that is removed");
    const std::string_view filter = empty.name().filter;
    filter_node* at = filters_.find(filter);
    changes_.note(std::string(filter));
    auto& shares = *at->value.shares;
    std::erase_if(shares, [&](const auto& one) { return one.get() == &empty; });
    if (shares.empty()) at->value.shares.reset();
    filters_.prune(at);
}

bool router::is_current(std::string_view topic, route& known) const noexcept {
    if (known.version == changes_.version()) return true;
    if (known.version == 0 || changes_.concern(topic, known.version)) return false;
    known.version = changes_.version();
    return true;
}

const route& router::find_route(std::string_view topic) {
    if (last_ && last_->where.version == changes_.version() && last_->topic == topic)
        return last_->where;
    if (topic.size() > cached_topic_max) {
        work_out(topic, uncached_);
        return uncached_;
    }
    const std::size_t hash = route_cache::hash_of(topic);
    last_ = cache_.find(topic, hash);
    if (!last_) last_ = &cache_.claim(topic, hash);
    if (is_current(topic, last_->where)) return last_->where;
    work_out(topic, last_->where);
    cache_.weigh(*last_);
    return last_->where;
}

void router::work_out(std::string_view topic, route& into) {
    into.local.clear();
    into.shares.clear();
    into.workers = 0;
    into.version = changes_.version();
    filters_.for_matching_filters(topic, [&](const filter_entry& at) {
        into.workers |= at.workers;
        for (const subscriber& one : at.local) merge(one, into);
        if (!at.shares) return;
        for (const auto& one : *at.shares) into.shares.push_back(one.get());
    });
    into.workers &= ~own_bit_;
}

void router::merge(const subscriber& one, route& into) {
    std::uint32_t& mark = one.who->mark();
    // What the mark says of an earlier route is checked, not trusted.
    if (mark >= into.local.size() || into.local[mark].who != one.who) {
        mark = static_cast<std::uint32_t>(into.local.size());
        into.local.emplace_back(one);
    }
    target& merged = into.local[mark];
    merged.maximum = std::max(merged.maximum, one.maximum);
    merged.no_local = merged.no_local && one.no_local;
    merged.retain_as_published = merged.retain_as_published || one.retain_as_published;
    if (one.identifier != 0) merged.identifiers.push_back(one.identifier);
}

}  // namespace nightjar::broker
