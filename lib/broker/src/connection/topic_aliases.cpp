#include "topic_aliases.hpp"

namespace nightjar::broker {

bool received_aliases::define(std::uint16_t number, std::string_view topic) {
    if (names_.size() < number) names_.resize(number);
    std::string& name = names_[number - 1];
    const std::size_t bytes = bytes_ - name.size() + topic.size();
    if (bytes > received_alias_bytes_max) return false;
    bytes_ = bytes;
    name = topic;
    return true;
}

std::string_view received_aliases::find(std::uint16_t number) const noexcept {
    return number <= names_.size() ? std::string_view{names_[number - 1]} : std::string_view{};
}

std::size_t received_aliases::memory() const noexcept {
    return bytes_ + names_.capacity() * sizeof(std::string);
}

bool sent_aliases::fits(std::string_view topic, std::size_t instead_of) const noexcept {
    return bytes_ - instead_of + topic.size() <= sent_alias_bytes_max;
}

sent_aliases::choice sent_aliases::choose(std::string_view topic) {
    if (topic.size() < worth_it_from) return {};
    if (const auto known = by_topic_.find(topic); known != by_topic_.end()) {
        entries_[known->second - 1U].seen = misses_;
        return {.number = known->second};
    }
    ++misses_;
    if (entries_.size() < most_) {
        if (!fits(topic, 0)) return {};
        return {.number = static_cast<std::uint16_t>(entries_.size() + 1), .is_new = true};
    }
    const std::uint16_t asked = hand_;
    hand_ = static_cast<std::uint16_t>(hand_ + 1U == most_ ? 0 : hand_ + 1);
    const entry& old = entries_[asked];
    if (misses_ - old.seen <= patience * most_ || !fits(topic, old.topic.size())) return {};
    return {.number = static_cast<std::uint16_t>(asked + 1), .is_new = true};
}

void sent_aliases::define(std::uint16_t number, std::string_view topic) {
    if (number > entries_.size()) entries_.emplace_back();
    entry& at = entries_[number - 1U];
    if (!at.topic.empty()) by_topic_.erase(at.topic);
    bytes_ = bytes_ - at.topic.size() + topic.size();
    at.topic = topic;
    at.seen = misses_;
    by_topic_[at.topic] = number;
}

std::size_t sent_aliases::memory() const noexcept {
    return bytes_ + entries_.size() * (sizeof(entry) + sizeof(std::uint16_t) * 16);
}

}  // namespace nightjar::broker
