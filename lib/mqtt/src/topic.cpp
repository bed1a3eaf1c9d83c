#include <nightjar/mqtt/topic.hpp>

#include "ascii.hpp"
#include "topic_check.hpp"

namespace nightjar::mqtt {
namespace {

constexpr std::string_view share_prefix = "$share/";

bool is_within(std::string_view topic, const limits& max) noexcept {
    if (topic.size() > max.topic_bytes_max) return false;
    // n bytes cannot make more than n + 1 levels, so that most topics need no counting.
    if (topic.size() < max.topic_levels_max) [[likely]]
        return true;
    const std::size_t slashes = ascii::count_slashes(topic);
    return slashes < max.topic_levels_max;
}

/// Each wildcard stands alone in its level, and `#` in the last one. [MQTT-5 4.7.1]
bool wildcards_stand_right(std::string_view filter) noexcept {
    if (!has_wildcard(filter)) return true;
    for (levels at{filter}; at; ++at) {
        const std::string_view level = *at;
        if (!has_wildcard(level)) continue;
        if (level.size() != 1 || (level == "#" && !at.is_last())) return false;
    }
    return true;
}

}  // namespace

bool has_wildcard(std::string_view filter) noexcept {
    return filter.find_first_of("+#") != std::string_view::npos;
}

std::optional<shared_filter> shared(std::string_view filter) noexcept {
    if (!filter.starts_with(share_prefix)) return {};
    filter.remove_prefix(share_prefix.size());
    const auto slash = filter.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == filter.size()) return {};
    const std::string_view group(filter.data(), slash);
    if (has_wildcard(group)) return {};
    filter.remove_prefix(slash + 1);
    return shared_filter{group, filter};
}

std::optional<reason> refuse_topic_name(std::string_view name, const limits& max) noexcept {
    if (name.empty()) return reason::malformed_packet;
    if (!ascii::is_plain_topic(name) && (!is_utf8(name) || has_wildcard(name))) [[unlikely]]
        return reason::malformed_packet;
    if (!is_within(name, max)) return reason::topic_name_invalid;
    return {};
}

std::optional<reason> refuse_topic_filter(std::string_view filter, const limits& max) noexcept {
    if (filter.empty() || !is_utf8(filter)) return reason::malformed_packet;
    std::string_view inner = filter;
    if (filter.starts_with(share_prefix)) {
        const auto parts = shared(filter);
        if (!parts) return reason::malformed_packet;
        inner = parts->filter;
    }
    if (!wildcards_stand_right(inner)) return reason::malformed_packet;
    if (!is_within(filter, max)) return reason::topic_filter_invalid;
    return {};
}

bool is_topic_name(std::string_view name, const limits& max) noexcept {
    return !refuse_topic_name(name, max);
}

bool is_topic_filter(std::string_view filter, const limits& max) noexcept {
    return !refuse_topic_filter(filter, max);
}

bool matches(std::string_view filter, std::string_view name) noexcept {
    if (name.starts_with('$') && !filter.starts_with('$')) {
        if (filter.starts_with('+') || filter.starts_with('#')) return false;
    }
    levels theirs{name};
    for (levels ours{filter}; ours; ++ours) {
        if (*ours == "#") return true;  // the parent level too [MQTT-5 4.7.1.2]
        if (!theirs) return false;
        if (*ours != "+" && *ours != *theirs) return false;
        ++theirs;
    }
    return !theirs;
}

}  // namespace nightjar::mqtt
