#include "receipts.hpp"

#include <algorithm>

namespace nightjar::client {

receipt receipt_book::add(mqtt::packet_id id, mqtt::qos level) {
    if (open_.size() >= stale_max && open_.front().is_stale) open_.pop_front();
    open_.push_back({.name = ++last_, .id = id, .level = level});
    return last_;
}

result<> receipt_book::settle(receipt which, mqtt::reason code) {
    const auto found = std::find_if(open_.begin(), open_.end(),
                                    [&](const entry& one) { return one.name == which; });
    if (found == open_.end() || found->is_settled) return fail(error::invalid);
    if (found->is_stale) {
        open_.erase(found);
        return {};
    }
    found->is_settled = true;
    found->code = code;
    return {};
}

std::optional<receipt_book::entry> receipt_book::take_ready() {
    const auto first =
        std::find_if(open_.begin(), open_.end(), [](const entry& one) { return !one.is_stale; });
    if (first == open_.end() || !first->is_settled) return {};
    const entry ready = *first;
    open_.erase(first);
    return ready;
}

bool receipt_book::revive(mqtt::packet_id id) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](const entry& one) {
        return one.id == id && one.level == mqtt::qos::exactly_once;
    });
    if (found == open_.rend()) return false;
    if (!found->is_stale) return true;
    entry again = *found;
    again.is_stale = false;
    open_.erase(std::next(found).base());
    open_.push_back(again);  // its place is that of its last coming
    return true;
}

void receipt_book::connection_lost() {
    std::erase_if(open_, [](const entry& one) { return one.is_settled; });
    for (entry& one : open_) one.is_stale = true;
}

void receipt_book::session_lost() noexcept {
    for (entry& one : open_) one.id = 0;
}

}  // namespace nightjar::client
