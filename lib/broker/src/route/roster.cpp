#include "roster.hpp"

#include <algorithm>

#include "../session/session.hpp"

namespace nightjar::broker {
namespace {

std::string clients_of(const filter_entry& at) {
    std::string all;
    std::size_t named = 0;
    for (const subscriber& one : at.local) {
        if (++named > roster_clients_max) break;
        all += fmt::format("{}{} (QoS {})", all.empty() ? "" : ", ", one.who->client_id(),
                           static_cast<int>(one.maximum));
    }
    if (at.local.size() > roster_clients_max)
        all += fmt::format(" and {} more", at.local.size() - roster_clients_max);
    return all;
}

}  // namespace

void write_subscriptions(router& of, unsigned worker, event_log& to) {
    std::vector<std::pair<std::string, const filter_entry*>> found;
    of.for_each_filter([&](router::filter_node& at) {
        if (!at.value.local.empty()) found.emplace_back(router::text_of(&at), &at.value);
    });
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    to(log_config::notice, "Subscriptions of worker {}: {} in {} filters.", worker,
       of.subscriptions(), found.size());
    for (std::size_t i = 0; i != std::min(found.size(), roster_filters_max); ++i)
        to(log_config::notice, "  {}: {}", found[i].first, clients_of(*found[i].second));
    if (found.size() > roster_filters_max)
        to(log_config::notice, "  and {} filters more", found.size() - roster_filters_max);
}

}  // namespace nightjar::broker
