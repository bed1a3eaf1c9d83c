#pragma once
// Why a topic name or filter is refused: malformed where it breaks the standard's form, 0x90 or
// 0x8F where it is well formed but beyond our limits ("correctly formed, but not accepted").
// [MQTT-5 3.14.2.1, 4.7]

#include <nightjar/mqtt/topic.hpp>

#include "ascii.hpp"

namespace nightjar::mqtt {

/// Right, and cheap to see: plain ASCII and too short for too many levels. Most names are. False
/// says nothing.
inline bool is_plain_name(std::string_view name, const limits& max) noexcept {
    return !name.empty() && name.size() < max.topic_levels_max &&
           name.size() <= max.topic_bytes_max && ascii::is_plain_topic(name);
}

std::optional<reason> refuse_topic_name(std::string_view name, const limits& max) noexcept;
std::optional<reason> refuse_topic_filter(std::string_view filter, const limits& max) noexcept;

}  // namespace nightjar::mqtt
