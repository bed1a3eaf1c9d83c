#pragma once
// The last retained message of each topic. Every worker holds all of them (the messages themselves
// are shared), so that a new subscriber is served without asking anybody; what two workers accept
// at the same time is ordered by when it was accepted.

#include <absl/container/btree_set.h>

#include <utility>

#include "../message.hpp"
#include "topic_tree.hpp"

namespace nightjar::broker {

class retained_store {
public:
    /// `alone`: there are no other workers, so a removal needs no memory of itself.
    explicit retained_store(bool alone) noexcept : alone_(alone) {}

    /// Takes over a retained message, or with an empty payload removes the topic's.
    /// [MQTT-5 3.3.1.3] An older one than what is there changes nothing. False: clients have
    /// `messages_max` (0: no limit) others already, or there is no memory.
    bool apply(const message& what, std::uint32_t messages_max);
    /// The same for a message that another worker has taken: it is in that one's store, so the
    /// limit does not count.
    bool follow(const message& what);

    /// Visits each whose topic matches `filter` and which has not expired. `visit` must not change
    /// the store. O(what matches; below a "+" also its siblings).
    template <class Visit>
    void for_matching(std::string_view filter, instant now, Visit&& visit) const {
        tree_.for_matching_names(filter, [&](const topic_tree<entry>::node& at) {
            if (at.value.is_visible() && at.value.what.view().expires > now) visit(at.value.what);
        });
    }

    /// Forgets what has expired, and removals that are older than `keep_removals`. To call now and
    /// then.
    void purge(instant now);
    /// What subscribers can get, the broker's own included.
    std::size_t size() const noexcept { return size_; }
    /// Payload of those.
    std::size_t bytes() const noexcept { return bytes_; }

private:
    // A removal stays for a while as a message without payload, so that an older message which is
    // still on its way from another worker does not bring the topic back.
    static constexpr duration keep_removals = 5s;
    struct entry {
        message what;
        instant leaves = never;  ///< When purge() is to see to it.
        bool is_empty() const noexcept { return !what; }
        bool is_visible() const noexcept { return what && !what.view().payload.empty(); }
    };
    using node = topic_tree<entry>::node;

    bool put(const message& what, node* at);
    void set(node& at, message what);
    void schedule(node& at, instant leaves);

    topic_tree<entry> tree_;
    absl::btree_set<std::pair<instant, node*>> leaving_;
    std::size_t size_ = 0;
    std::size_t own_ = 0;  // of those, the broker's own
    std::size_t bytes_ = 0;
    bool alone_;
};

}  // namespace nightjar::broker
