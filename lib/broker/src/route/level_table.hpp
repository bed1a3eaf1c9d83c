#pragma once
// The texts of topic levels, each held once: two levels are equal when their symbols are. A name
// that is looked up pays one hash of text per level, however many branches of a tree it follows.

#include <absl/container/flat_hash_set.h>

#include <nightjar/base/slab.hpp>

#include <string>
#include <string_view>

#include "../heap.hpp"

namespace nightjar::broker {

/// One level's text, with the number of its users.
struct level_symbol {
    explicit level_symbol(std::string_view of) : text(of) {}
    std::string text;
    std::uint32_t uses = 0;
};

/// One thread. A symbol lives while it is used.
class level_table {
public:
    explicit level_table(std::uint32_t max) : symbols_(max, heap) {}

    /// Null: nobody uses this text.
    const level_symbol* find(std::string_view text) const {
        const auto found = by_text_.find(text);
        return found == by_text_.end() ? nullptr : *found;
    }
    /// One more user; null when the table is full.
    const level_symbol* take(std::string_view text) {
        const auto found = by_text_.find(text);
        level_symbol* at = found == by_text_.end() ? symbols_.emplace(text) : *found;
        if (!at) return nullptr;
        if (at->uses++ == 0) by_text_.insert(at);
        return at;
    }
    void release(const level_symbol* which) {
        const auto at = by_text_.find(std::string_view{which->text});
        if (--(*at)->uses != 0) return;
        level_symbol* last = *at;
        by_text_.erase(at);
        symbols_.erase(*last);
    }
    std::size_t size() const noexcept { return by_text_.size(); }

private:
    struct by_text {
        using is_transparent = void;
        static std::string_view key(const level_symbol* s) noexcept { return s->text; }
        static std::string_view key(std::string_view s) noexcept { return s; }
        std::size_t operator()(const auto& x) const noexcept { return absl::HashOf(key(x)); }
        bool operator()(const auto& a, const auto& b) const noexcept { return key(a) == key(b); }
    };
    slab<level_symbol> symbols_;
    absl::flat_hash_set<level_symbol*, by_text, by_text> by_text_;
};

}  // namespace nightjar::broker
