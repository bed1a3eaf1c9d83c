#include "retained.hpp"

#include <tuple>

namespace nightjar::broker {
namespace {

bool is_older(const message_view& a, const message_view& b) noexcept {
    return std::tuple(a.accepted, a.worker) < std::tuple(b.accepted, b.worker);
}

}  // namespace

bool retained_store::apply(const message& what) {
    const message_view fresh = what.view();
    const bool removes = fresh.payload.empty();
    auto* at = tree_.find(fresh.topic);
    if (at && at->value.what && is_older(fresh, at->value.what.view())) return true;
    if (removes && alone_ && !at) return true;
    if (!removes && size_ >= max_ && !(at && at->value.is_visible())) return false;
    if (!at) at = tree_.insert(fresh.topic);
    if (!at) return false;
    put(at, what);
    return true;
}

void retained_store::put(topic_tree<entry>::node* at, const message& what) {
    const message_view fresh = what.view();
    const bool removes = fresh.payload.empty();
    if (at->value.is_visible()) --size_;
    if (removes && alone_) {
        at->value.what = {};
        return tree_.prune(at);
    }
    at->value.what = what;
    if (!removes) ++size_;
    if (removes)
        leaving_.push_back({std::string(fresh.topic), fresh.accepted + keep_removals});
    else if (fresh.expires != never)
        leaving_.push_back({std::string(fresh.topic), fresh.expires + keep_removals});
}

void retained_store::purge(instant now) {
    std::erase_if(leaving_, [&](const leaving& one) {
        if (one.at > now) return false;
        auto* at = tree_.find(one.topic);
        if (!at || !at->value.what) return true;
        const message_view held = at->value.what.view();
        const bool is_due =
            held.payload.empty() ? held.accepted + keep_removals <= now : held.expires <= now;
        if (!is_due) return true;
        if (at->value.is_visible()) --size_;
        at->value.what = {};
        tree_.prune(at);
        return true;
    });
}

}  // namespace nightjar::broker
