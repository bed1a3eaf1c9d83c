#include "roster.hpp"

#include <algorithm>

#include "../session/session.hpp"

namespace nightjar::broker {
namespace {

struct held {
    const session* who;
    mqtt::qos maximum;
};

struct line {
    std::string filter;
    std::vector<held> by;
};

std::string clients_of(const line& at) {
    std::string all;
    for (std::size_t i = 0; i != std::min(at.by.size(), roster_clients_max); ++i)
        all += fmt::format("{}{} (QoS {})", i == 0 ? "" : ", ", at.by[i].who->client_id(),
                           static_cast<int>(at.by[i].maximum));
    if (at.by.size() > roster_clients_max)
        all += fmt::format(" and {} more", at.by.size() - roster_clients_max);
    return all;
}

/// The filter's own subscribers, and its shared subscriptions under their whole names.
void add(std::string_view filter, const filter_entry& at, std::vector<line>& target) {
    if (!at.local.empty()) {
        line& made = target.emplace_back(line{std::string(filter), {}});
        for (const subscriber& one : at.local) made.by.push_back({one.who, one.maximum});
    }
    if (!at.shares) return;
    for (const auto& shared : *at.shares) {
        if (shared->members().empty()) continue;
        line& made = target.emplace_back(line{shared->text(), {}});
        for (const membership* one : shared->members())
            made.by.push_back({one->how.who, one->how.maximum});
    }
}

}  // namespace

void write_subscriptions(const router& of, unsigned worker, event_log& to) {
    std::vector<line> found;
    of.for_each_filter(
        [&](std::string_view filter, const filter_entry& at) { add(filter, at, found); });
    std::sort(found.begin(), found.end(),
              [](const line& a, const line& b) { return a.filter < b.filter; });
    std::size_t subscriptions = 0;
    for (const line& one : found) subscriptions += one.by.size();
    to(log_config::notice, "Subscriptions of worker {}: {} in {} filters.", worker, subscriptions,
       found.size());
    for (std::size_t i = 0; i != std::min(found.size(), roster_filters_max); ++i)
        to(log_config::notice, "  {}: {}", found[i].filter, clients_of(found[i]));
    if (found.size() > roster_filters_max)
        to(log_config::notice, "  and {} filters more", found.size() - roster_filters_max);
}

}  // namespace nightjar::broker
