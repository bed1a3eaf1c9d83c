#pragma once
// Who gets a message: this worker's subscriptions and, for the others', one bit per worker that
// wants the topic. Asking costs what matches; asking again for the same topic costs one look-up
// until a subscription changes.
//
//      topic ─► cache of routes ─(miss or out of date)─► tree of filters ─► route {local targets,
//      workers}

#include <nightjar/mqtt/packet.hpp>

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "topic_tree.hpp"

namespace nightjar::broker {

class session;

/// How one session subscribed to one filter.
struct subscriber {
    session* who = nullptr;
    std::uint32_t identifier = 0;  ///< Subscription Identifier; 0: none. [MQTT-5 3.8.2.1.2]
    mqtt::qos maximum{};
    bool no_local = false;
    bool retain_as_published = false;
};

/// One session in a route: its matching subscriptions merged into one copy of the message.
/// [MQTT-5 3.3.4]
struct target {
    explicit target(const subscriber& one) noexcept
        : who(one.who),
          maximum(one.maximum),
          no_local(one.no_local),
          retain_as_published(one.retain_as_published) {}
    session* who = nullptr;
    mqtt::qos maximum{};
    bool no_local = false;             ///< All of them are.
    bool retain_as_published = false;  ///< One of them is.
    absl::InlinedVector<std::uint32_t, 2> identifiers;
};

struct route {
    std::vector<target> local;
    std::uint64_t workers = 0;  ///< A bit for each other worker that wants the topic.
    std::uint64_t version = 0;
    bool is_empty() const noexcept { return local.empty() && workers == 0; }
};

/// What stands at a filter: this worker's subscribers and the other workers' interest. The own
/// worker's bit says that the others have been told.
struct filter_entry {
    absl::InlinedVector<subscriber, 1> local;
    std::uint64_t workers = 0;
    std::uint32_t awaited = 0;  ///< Requests under way that will subscribe here.
    bool is_wanted() const noexcept { return !local.empty() || awaited != 0; }
    bool is_empty() const noexcept { return !is_wanted() && workers == 0; }
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

    /// Another worker began or ceased to want a filter.
    void set_interest(std::string_view filter, unsigned worker, bool wanted);
    /// Whether the other workers have been told of this filter, and telling them.
    bool is_announced(const filter_node& at) const noexcept { return at.value.workers & own_bit_; }
    void mark_announced(filter_node& at, bool announced) noexcept;

    /// Valid until the next call of any member. O(1) for a topic asked before, else what matches.
    const route& find_route(std::string_view topic);

    /// Visits each filter's place, this worker's and others', in no order. O(filters).
    template <class Visit>
    void for_each_filter(Visit&& visit) {
        filters_.for_each(visit);
    }

    std::size_t filters() const noexcept { return filters_.size(); }
    /// What the search for routes has cost so far, in nodes.
    std::uint64_t searched() const noexcept { return filters_.visited(); }
    std::size_t subscriptions() const noexcept { return subscriptions_; }

private:
    static constexpr std::size_t cached_max = 16'384;
    static constexpr std::size_t cached_topic_max =
        256;  ///< Bytes; longer topics are rare and not worth the memory.

    struct cached {
        std::string topic;
        route where;
    };
    void work_out(std::string_view topic, route& target);
    void merge(const subscriber& one, route& into);

    std::uint64_t own_bit_;
    std::uint64_t version_ = 1;
    std::size_t subscriptions_ = 0;
    topic_tree<filter_entry> filters_;
    absl::flat_hash_map<std::string_view, std::unique_ptr<cached>>
        cache_;               // keys view into the values
    cached* last_ = nullptr;  // publishers come in batches of one topic
    route uncached_;
    std::uint32_t round_ =
        0;  // tells sessions that are in the route being worked out from those of earlier ones
};

}  // namespace nightjar::broker
