#pragma once
// The last filters whose subscriptions changed, so that a route that was worked out before need not
// be thrown away for a change that does not concern its topic.

#include <nightjar/mqtt/topic.hpp>

#include <array>
#include <string>

namespace nightjar::broker {

class change_log {
public:
    /// Counts the changes; never 0.
    std::uint64_t version() const noexcept { return version_; }

    void note(std::string filter) {
        change& next = last_[++version_ % last_.size()];
        const auto wild = filter.find_first_of("+#");
        next.prefix = wild == std::string::npos ? filter.size() : wild;
        // "a/#" matches "a" as well.
        if (next.prefix != filter.size() && next.prefix != 0) --next.prefix;
        next.filter = std::move(filter);
    }

    /// Whether something changed since `version` that a message of this topic would notice; yes
    /// also if that is too long ago to know. O(changes since).
    bool concern(std::string_view topic, std::uint64_t since) const noexcept {
        if (version_ - since > last_.size()) return true;
        while (since != version_) {
            const change& one = last_[++since % last_.size()];
            const std::string_view front(one.filter.data(), one.prefix);
            if (topic.starts_with(front) && mqtt::matches(one.filter, topic)) return true;
        }
        return false;
    }

private:
    struct change {
        std::string filter;
        std::size_t prefix = 0;  // bytes that a topic must begin with
    };
    std::array<change, 128> last_;
    std::uint64_t version_ = 1;
};

}  // namespace nightjar::broker
