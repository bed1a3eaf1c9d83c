#pragma once
// Topic names and filters. [MQTT-5 4.7]

#include <nightjar/mqtt/types.hpp>

#include <optional>

namespace nightjar::mqtt {

/// Well-formed UTF-8 as MQTT asks: no surrogates, no overlong forms, no U+0000. [MQTT-5 1.5.4]
bool is_utf8(std::string_view text) noexcept;

/// At least one character, no wildcard, within the limits. [MQTT-5 4.7.1, 4.7.3]
bool is_topic_name(std::string_view name, const limits& max) noexcept;

/// `#` last and alone in its level, `+` alone in its level, `$share/NAME/FILTER` with a name and a
/// filter. [MQTT-5 4.7.1, 4.8.2]
bool is_topic_filter(std::string_view filter, const limits& max) noexcept;

bool has_wildcard(std::string_view filter) noexcept;

/// `$share/NAME/FILTER` taken apart; nullopt for any other filter.
struct shared_filter {
    std::string_view group{};
    std::string_view filter{};
};
std::optional<shared_filter> shared(std::string_view filter) noexcept;

/// Whether a (not shared) filter matches a name. `#` and `+` at the front do not match a name that
/// begins with `$`. [MQTT-5 4.7.2]. O(length). The slow and obvious way; the router has the fast
/// one.
bool matches(std::string_view filter, std::string_view name) noexcept;

/// Walks the levels of a name or filter: `for (levels at{name}; at; ++at) use(*at)`. An empty level
/// is a level.
class levels {
public:
    explicit constexpr levels(std::string_view text) noexcept : rest_(text) { cut(); }
    constexpr explicit operator bool() const noexcept { return !done_; }
    constexpr std::string_view operator*() const noexcept { return level_; }
    constexpr bool is_last() const noexcept { return last_; }
    constexpr levels& operator++() noexcept {
        if (last_)
            done_ = true;
        else
            cut();
        return *this;
    }

private:
    constexpr void cut() noexcept {
        const auto slash = rest_.find('/');
        last_ = slash == std::string_view::npos;
        level_ = last_ ? rest_ : std::string_view(rest_.data(), slash);
        if (!last_) rest_.remove_prefix(slash + 1);
    }
    std::string_view rest_, level_;
    bool last_ = false, done_ = false;
};

}  // namespace nightjar::mqtt
