#pragma once
// What may stand below $SYS, and who may get it: as the page about it and the standard say.

#include <nightjar/mqtt/topic.hpp>

#include <algorithm>
#include <string_view>

namespace nightjar::broker {

inline bool is_below_sys(std::string_view topic) {
    return topic == "$SYS" || topic.starts_with("$SYS/");
}

/// Whether a legal filter brings its subscriber a topic. [MQTT-5 4.7.2]
inline bool may_get(std::string_view filter, std::string_view topic) {
    if (const auto split = mqtt::shared(filter)) filter = split->filter;
    const bool is_wild = filter.starts_with('+') || filter.starts_with('#');
    return !(topic.starts_with('$') && is_wild) && mqtt::matches(filter, topic);
}

inline bool is_number(std::string_view said) {
    return !said.empty() && said.size() <= 20 &&
           std::ranges::all_of(said, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether `said` can be the payload of $SYS/broker/`name`.
inline bool is_figure(std::string_view name, std::string_view said) {
    if (name.starts_with("log/"))
        return std::ranges::none_of(
            said, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
    if (name == "version") return said.starts_with("nightjar version ");
    if (name == "uptime") {
        constexpr std::string_view unit = " seconds";
        return said.ends_with(unit) && is_number(said.substr(0, said.size() - unit.size()));
    }
    if (!name.starts_with("load/")) return is_number(said);
    const auto point = said.find('.');
    if (point == said.npos || !name.ends_with("min")) return false;
    // No client of these tests does anything a billion times a minute.
    return point <= 9 && is_number(said.substr(0, point)) && said.size() == point + 3 &&
           is_number(said.substr(point + 1));
}

}  // namespace nightjar::broker
