#include "retained.hpp"

#include <algorithm>
#include <tuple>

namespace nightjar::broker {
namespace {

bool is_older(const message_view& a, const message_view& b) noexcept {
    return std::tuple(a.accepted, a.worker) < std::tuple(b.accepted, b.worker);
}

bool is_own(const message_view& what) noexcept { return what.publisher == 0; }

}  // namespace

bool retained_store::apply(const message& what, std::uint32_t messages_max) {
    const message_view fresh = what.view();
    node* at = tree_.find(fresh.topic);
    const bool is_another =
        !fresh.payload.empty() && !is_own(fresh) && !(at && at->value.is_visible());
    if (is_another && messages_max != 0 && size_ - own_ >= messages_max) return false;
    return put(what, at);
}

bool retained_store::follow(const message& what) {
    return put(what, tree_.find(what.view().topic));
}

bool retained_store::put(const message& what, node* at) {
    const message_view fresh = what.view();
    const bool removes = fresh.payload.empty();
    if (at && at->value.what && is_older(fresh, at->value.what.view())) return true;
    if (removes && alone_) {
        if (!at) return true;
        set(*at, {});
        schedule(*at, never);
        tree_.prune(at);
        return true;
    }
    if (!at) at = tree_.insert(fresh.topic);
    if (!at) return false;
    set(*at, what);
    const instant last = removes ? fresh.accepted : fresh.expires;
    schedule(*at, last == never || alone_ ? last : last + keep_removals);
    return true;
}

/// Replaces the message and keeps the figures.
void retained_store::set(node& at, message what) {
    const auto count = [this](const entry& held, bool more) {
        if (!held.is_visible()) return;
        const message_view seen = held.what.view();
        const auto add = [more](std::size_t& to, std::size_t n) { to = more ? to + n : to - n; };
        add(size_, 1);
        add(bytes_, seen.payload.size());
        add(own_, is_own(seen));
    };
    count(at.value, false);
    at.value.what = std::move(what);
    count(at.value, true);
}

void retained_store::schedule(node& at, instant leaves) {
    if (at.value.leaves != never) leaving_.erase({at.value.leaves, &at});
    at.value.leaves = leaves;
    if (leaves != never) leaving_.emplace(leaves, &at);
}

void retained_store::purge(instant now) {
    while (!leaving_.empty() && leaving_.begin()->first <= now) {
        node* at = leaving_.begin()->second;
        set(*at, {});
        schedule(*at, never);
        tree_.prune(at);
    }
}

}  // namespace nightjar::broker
