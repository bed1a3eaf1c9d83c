#pragma once
// Who gets a message: this worker's subscriptions, the shared subscriptions that somebody has a
// member of, and, for the others', one bit per worker that wants the topic. Asking costs what
// matches; asking again for the same topic costs one look-up until a subscription to it changes.
//
//      topic ─► cache of routes ─(miss or out of date)─► tree of filters ─► route {local targets,
//      shares, workers}

#include <absl/container/inlined_vector.h>

#include <memory>
#include <string>
#include <vector>

#include "changes.hpp"
#include "route_cache.hpp"
#include "share.hpp"
#include "subscriber.hpp"
#include "topic_tree.hpp"

namespace nightjar::broker {

/// What stands at a filter: this worker's subscribers, the other workers' interest, and the shared
/// subscriptions to it. The own worker's bit says that the others have been told.
struct filter_entry {
    using share_list = std::vector<std::unique_ptr<share>>;
    absl::InlinedVector<subscriber, 1> local;
    std::unique_ptr<share_list> shares;  ///< Null: none.
    std::uint64_t workers = 0;
    std::uint32_t awaited = 0;  ///< Requests under way that will subscribe here.
    bool is_wanted() const noexcept { return !local.empty() || awaited != 0; }
    bool is_empty() const noexcept { return !is_wanted() && workers == 0 && !shares; }
};

/// One worker's. Sessions in it outlive their subscriptions.
class router {
public:
    using filter_node = topic_tree<filter_entry>::node;

    explicit router(unsigned own_worker) noexcept : own_bit_(std::uint64_t{1} << own_worker) {}

    /// The filter's place, made if needed; null when the table is full. Prune it if nothing is put
    /// there.
    filter_node* place(std::string_view filter) { return filters_.insert(filter); }
    filter_node* find(std::string_view filter) const { return filters_.find(filter); }
    void prune(filter_node* at) { filters_.prune(at); }
    static std::string text_of(const filter_node* at) {
        return topic_tree<filter_entry>::text_of(at);
    }

    /// Adds or replaces; true if this session had none there.
    bool subscribe(filter_node& at, const subscriber& who);
    /// False if there was none. The node stays until prune().
    bool unsubscribe(filter_node& at, const session& who);

    /// Another worker began or ceased to want a filter (not a shared one).
    void set_interest(std::string_view filter, unsigned worker, bool wanted);
    /// Whether the other workers have been told of this filter, and telling them.
    bool is_announced(const filter_node& at) const noexcept { return at.value.workers & own_bit_; }
    void mark_announced(filter_node& at, bool announced) noexcept;

    /// The shared subscription `$share/group/filter`, made if needed; null when the table is full.
    share* place_share(const mqtt::shared_filter& what);
    share* find_share(const mqtt::shared_filter& what) const;
    /// Promise: nobody, here or elsewhere, has a part in it.
    void remove_share(const share& empty);

    /// Valid until the next call of any member. O(1) for a topic asked before, else what matches.
    const route& find_route(std::string_view topic);

    /// `visit(std::string_view filter, const filter_entry&)` for each filter that somebody, here or
    /// on another worker, has subscribed to. `visit` must not change the router.
    template <class Visit>
    void for_each_filter(Visit&& visit) const {
        filters_.for_each([&](const filter_node& at) {
            if (!at.value.is_empty()) visit(std::string_view{text_of(&at)}, at.value);
        });
    }

    std::size_t filters() const noexcept { return filters_.size(); }
    /// What the search for routes has cost so far, in nodes.
    std::uint64_t searched() const noexcept { return filters_.visited(); }
    /// Of this worker's sessions, without shared ones.
    std::size_t subscriptions() const noexcept { return subscriptions_; }

private:
    // Longer topics are rare and not worth the memory.
    static constexpr std::size_t cached_topic_max = 256;

    bool is_current(std::string_view topic, route& known) const noexcept;
    void work_out(std::string_view topic, route& target);
    static void merge(const subscriber& one, route& into);

    std::uint64_t own_bit_;
    std::size_t subscriptions_ = 0;
    topic_tree<filter_entry> filters_;
    change_log changes_;
    route_cache cache_;
    route_cache::entry* last_ = nullptr;  // publishers come in batches of one topic
    route uncached_;
};

}  // namespace nightjar::broker
