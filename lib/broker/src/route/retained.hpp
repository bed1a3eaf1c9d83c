#pragma once
// The last retained message of each topic. Every worker holds all of them (the messages themselves
// are shared), so that a new subscriber is served without asking anybody; what two workers accept
// at the same time is ordered by when it was accepted.

#include <functional>
#include <string>
#include <vector>

#include "../message.hpp"
#include "topic_tree.hpp"

namespace nightjar::broker {

class retained_store {
public:
    /// `alone`: there are no other workers, so a removal needs no memory of itself.
    retained_store(bool alone, std::uint32_t messages_max) noexcept
        : max_(messages_max), alone_(alone) {}

    /// Takes over a retained message, or with an empty payload removes the topic's.
    /// [MQTT-5 3.3.1.3] An older one than what is there changes nothing. False when the store is
    /// full.
    bool apply(const message& what);

    /// Visits each whose topic matches `filter` and which has not expired. `visit` must not change
    /// the store.
    template <class Visit>
    void for_matching(std::string_view filter, instant now, Visit&& visit) const {
        tree_.for_matching_names(filter, [&](const topic_tree<entry>::node& at) {
            if (at.value.is_visible() && at.value.what.view().expires > now) visit(at.value.what);
        });
    }

    /// Forgets removals, and what expired, that are older than `keep_removals`. To call now and
    /// then.
    void purge(instant now);
    std::size_t size() const noexcept { return size_; }

private:
    // A removal stays for a while as a message without payload, so that an older message which is
    // still on its way from another worker does not bring the topic back.
    static constexpr duration keep_removals = 5s;
    struct entry {
        message what;
        bool is_empty() const noexcept { return !what; }
        bool is_visible() const noexcept { return what && !what.view().payload.empty(); }
    };
    struct leaving {
        std::string topic;
        instant at;
    };
    void put(topic_tree<entry>::node* at, const message& what);

    topic_tree<entry> tree_;
    std::vector<leaving> leaving_;
    std::size_t size_ = 0;
    std::uint32_t max_;
    bool alone_;
};

}  // namespace nightjar::broker
