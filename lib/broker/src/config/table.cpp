#include <algorithm>
#include <utility>

#include "field.hpp"

namespace nightjar::broker::config {

namespace {

std::vector<option> all_themes() {
    std::vector<option> all;
    for (const auto theme :
         {general_options(), listener_options(), limit_options(), pressure_options(), log_options(),
          other_options(), guard_options(), bridge_options()}) {
        all.insert(all.end(), theme.begin(), theme.end());
    }
    return all;
}

bool matches(std::string_view pattern, std::string_view name) {
    if (!pattern.ends_with('*')) return pattern == name;
    pattern.remove_suffix(1);
    return name.size() > pattern.size() && name.starts_with(pattern);
}

/// Levenshtein's distance: insertions, deletions and replacements of a character. O(a · b).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row[b.size()];
}

}  // namespace

std::span<const option> options() {
    static const std::vector<option> all = all_themes();
    return all;
}

const option* find_option(std::string_view name) {
    const auto all = options();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const option& one) { return matches(one.name, name); });
    return found == all.end() ? nullptr : &*found;
}

std::string_view nearest_option(std::string_view name) {
    constexpr std::size_t name_max = 64;
    if (name.size() > name_max) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const option& one : options()) {
        // Each further character costs an edit.
        if (std::max(name.size(), one.name.size()) - std::min(name.size(), one.name.size()) >=
            best_distance)
            continue;
        const auto d = distance(name, one.name);
        // Someone who wrote next to nothing meant anything.
        if (d < best_distance && d < name.size()) {
            best_distance = d;
            best = one.name;
        }
    }
    return best;
}

std::string default_value(const option& of) {
    if (!of.show || !of.preset.empty()) return std::string(of.preset);
    const broker_config broker;
    const listener_config listener;
    return of.show({broker, listener});
}

std::string_view describe(scope of) noexcept {
    switch (of) {
        case scope::global: return "global";
        case scope::listener: return "listener";
        case scope::security: return "security";
        case scope::bridge: return "bridge";
        case scope::plugin: return "plugin";
    }
    return {};
}

std::string_view describe(status of) noexcept {
    switch (of) {
        case status::works: return "works";
        case status::harmless: return "no effect";
        case status::unsupported: return "stops the start";
    }
    return {};
}

}  // namespace nightjar::broker::config
